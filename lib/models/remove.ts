import { AppError } from '#lib/errors.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { aliasesOf } from './alias-store.ts'
import { canDelete } from './deletable.ts'
import { listStudioModels } from './lineage.ts'
import { resolveModel } from './resolve.ts'
import type { ModelRef, StudioModels } from './schema.ts'
import { noteDeleted } from './store.ts'

/**
 * Deletes a fine-tuned model at its provider, for good.
 * @returns the models that are left
 * @throws AppError conflict while an alias points at it; invalid for a base, or where its provider deletes none;
 * APIError as the provider refuses
 */
export async function deleteModel(ref: ModelRef): Promise<StudioModels> {
  if (!canDelete(ref) || !endpoint(ref.providerId).provider.capabilities.deleteModels)
    throw new AppError('invalid', `${ref.model} cannot be deleted by its provider.`, { param: 'model' })
  const names = await aliasesOf(ref.providerId, ref.model)
  if (names.length > 0)
    throw new AppError(
      'conflict',
      `${names.join(', ')} points at this model. Point ${names.length > 1 ? 'them' : 'it'} elsewhere first.`,
      { param: 'model' },
    )
  const { client, model } = resolveModel(ref)
  await client.models.delete(model, { signal: briefly() })
  await noteDeleted(ref.providerId, model)
  return listStudioModels()
}
