import { middle } from '#components/ui/format.ts'
import type { Option } from '#components/ui/option.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'

/** A model's name together with its provider, as an option's value and in an address. */
export const refKey = ({ providerId, model }: ModelRef): string => `${providerId}/${model}`

/** @returns null where there is no provider before the first slash */
export function refOf(key: string): ModelRef | null {
  const slash = key.indexOf('/')
  const provider = ProviderId.safeParse(key.slice(0, Math.max(slash, 0)))
  const model = key.slice(slash + 1)
  return provider.success && model ? { providerId: provider.data, model } : null
}

/** `ft:limerick-base:limerick:elle:AbCd1234` as `ft:…:elle:AbCd1234`: the end tells models apart. */
export function shortName(id: string): string {
  const [head, , , ...own] = id.split(':')
  return head === 'ft' && own.length > 0 ? `ft:…:${own.filter(Boolean).join(':')}` : middle(id, 24, 10)
}

interface Words {
  kind: (kind: CatalogModel['kind']) => string
  provider: (id: ProviderId) => string
}

/** Every model as a choice, under the name of its provider. */
export const modelOptions = (models: readonly CatalogModel[], words: Words): Option[] =>
  models.map(({ providerId, id, kind }) => ({
    value: refKey({ providerId, model: id }),
    label: id,
    detail: words.kind(kind),
    group: words.provider(providerId),
  }))
