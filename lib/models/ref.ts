import { PROVIDER_ID } from '#lib/providers/kinds.ts'
import type { ModelRef } from './schema.ts'

/** A model's name together with its provider, as an option's value, in an address and at `/v1`. */
export const refKey = ({ providerId, model }: ModelRef): string => `${providerId}/${model}`

/** @returns null when there is no provider before the first slash */
export function refOf(key: string): ModelRef | null {
  const slash = key.indexOf('/')
  const providerId = key.slice(0, Math.max(slash, 0))
  const model = key.slice(slash + 1)
  return PROVIDER_ID.test(providerId) && model ? { providerId, model } : null
}
