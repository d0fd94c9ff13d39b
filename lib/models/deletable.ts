import { kindOf } from '#lib/providers/model-kind.ts'
import type { ModelRef } from './schema.ts'

/** Whether a provider can delete a model; a remote one's checkpoints are deleted with their final model. */
export const canDelete = ({ providerId, model }: ModelRef): boolean => {
  const kind = kindOf(model)
  return kind !== 'base' && (kind !== 'checkpoint' || providerId === 'embedded')
}
