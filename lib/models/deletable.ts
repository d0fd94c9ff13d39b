import { kindOf } from '#lib/providers/model-kind.ts'
import type { ModelRef } from './schema.ts'

/** Whether a provider takes a model away; snapshots of a distant one go with the model they led to. */
export const canDelete = ({ providerId, model }: ModelRef): boolean => {
  const kind = kindOf(model)
  return kind !== 'base' && (kind !== 'checkpoint' || providerId === 'embedded')
}
