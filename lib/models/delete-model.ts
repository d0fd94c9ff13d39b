import { APIError } from 'openai'
import { AppError } from '#lib/core/errors.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/fetch.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { aliasesOf } from './alias-store.ts'
import { canDelete } from './deletable.ts'
import { listStudioModels } from './lineage.ts'
import type { ModelRef, ModelsDeleted } from './schema.ts'
import { noteDeleted } from './store.ts'

/**
 * Keeps a model that programs use through an alias; called first by both ways to delete one.
 * @throws AppError conflict, with the aliases
 */
export async function refuseAliased({ providerId, model }: ModelRef): Promise<void> {
  const names = await aliasesOf(providerId, model)
  if (names.length === 0) return
  throw new AppError('conflict', ['models.aliased', { names: names.join(', '), count: names.length }], {
    param: 'model',
  })
}

/**
 * Deletes a fine-tuned model at its provider, for good; one that is gone already counts as deleted.
 * @throws AppError conflict while an alias points at it; invalid for a base model, or when its provider deletes none;
 * APIError as the provider answers
 */
export async function removeModel(ref: ModelRef): Promise<void> {
  if (!canDelete(ref) || !endpoint(ref.providerId).provider.capabilities.deleteModels)
    throw new AppError('invalid', ['models.notDeletable', { model: ref.model }], { param: 'model' })
  await refuseAliased(ref)
  const { providerId, model } = ref
  try {
    await client(providerId).models.delete(model, { signal: briefly() })
  } catch (thrown) {
    if (!(thrown instanceof APIError) || thrown.status !== 404) throw thrown
  }
  await noteDeleted(providerId, model)
}

/** Deletes models one after the other; what is refused for one stops no other. */
export async function deleteModels(refs: readonly ModelRef[]): Promise<ModelsDeleted> {
  const refused: ModelsDeleted['refused'] = []
  for (const ref of refs)
    await removeModel(ref).catch((thrown: unknown) => {
      const error = failure(thrown)
      logInternal(error)
      refused.push({ ...ref, ...error.words })
    })
  return { ...(await listStudioModels()), refused }
}
