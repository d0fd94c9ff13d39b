import 'server-only'
import { studio } from '#lib/db/studio.ts'
import { checkpointModels } from '#lib/jobs/models-store.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { refKey } from './ref.ts'

/** Checkpoints of our jobs that were not deleted; providers list only a job's result. Newest first. */
export async function listCheckpoints(): Promise<CatalogModel[]> {
  const [checkpoints, deleted] = await Promise.all([checkpointModels(), deletedModels()])
  const all = checkpoints.map(({ provider_id, model, created_at }): CatalogModel => {
    const providerId = ProviderId.parse(provider_id)
    return {
      providerId,
      id: model,
      kind: 'checkpoint',
      trainable: capabilitiesOf(providerId).trainCheckpoints,
      createdAt: created_at,
      shutdownDate: null,
      context: null,
      bits: null,
      training: null,
    }
  })
  return all.filter(({ providerId, id }) => !deleted.has(refKey({ providerId, model: id })))
}

/** Jobs still name a deleted checkpoint: this keeps it out of the lists. */
export async function noteDeleted(providerId: string, model: string): Promise<void> {
  await studio()
    .insertInto('deleted_models')
    .values({ provider_id: providerId, model, at: Date.now() })
    .onConflict((conflict) => conflict.columns(['provider_id', 'model']).doNothing())
    .execute()
}

/** The fields of a job that tell its result. */
interface Maker {
  providerId: ProviderId
  fineTunedModel: string | null
}

/** Whether a job has a model that was not deleted. */
export const hasModel = ({ providerId, fineTunedModel: model }: Maker, gone: ReadonlySet<string>): boolean =>
  model !== null && !gone.has(refKey({ providerId, model }))

/** Keys of models that were deleted here or through `/v1`: jobs still name them. */
export async function deletedModels(): Promise<ReadonlySet<string>> {
  const rows = await studio().selectFrom('deleted_models').select(['provider_id', 'model']).execute()
  return new Set(
    rows.map(({ provider_id, model }) => refKey({ providerId: ProviderId.parse(provider_id), model })),
  )
}
