import 'server-only'
import { studio } from '#lib/db/studio.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { refKey } from './ref.ts'

/** Snapshots that our runs left on their way; providers list only where a run ended. Newest first. */
export async function listCheckpoints(): Promise<CatalogModel[]> {
  const rows = await studio()
    .selectFrom('job_checkpoints')
    .innerJoin('jobs', 'jobs.id', 'job_checkpoints.job_id')
    .select(['jobs.provider_id', 'job_checkpoints.model', 'job_checkpoints.created_at'])
    .where((eb) => eb('job_checkpoints.model', '!=', eb.fn.coalesce('jobs.fine_tuned_model', eb.val(''))))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deleted_models')
            .select('deleted_models.model')
            .whereRef('deleted_models.provider_id', '=', 'jobs.provider_id')
            .whereRef('deleted_models.model', '=', 'job_checkpoints.model'),
        ),
      ),
    )
    .orderBy('jobs.created_at', 'desc')
    .orderBy('job_checkpoints.step', 'desc')
    .execute()
  return rows.map(({ provider_id, model, created_at }) => ({
    providerId: ProviderId.parse(provider_id),
    id: model,
    kind: 'checkpoint',
    trainable: false,
    createdAt: created_at,
    shutdownDate: null,
    context: null,
    training: null,
  }))
}

const lineageColumns = [
  'jobs.provider_id',
  'jobs.id as job_id',
  'jobs.number',
  'jobs.suffix',
  'jobs.dataset_id',
  'datasets.name as dataset_name',
  'dataset_versions.number as version',
  'jobs.model as base',
  'jobs.system_prompt',
  'jobs.question',
] as const

const runs = () =>
  studio()
    .selectFrom('jobs')
    .leftJoin('datasets', (join) =>
      join.onRef('datasets.id', '=', 'jobs.dataset_id').on('datasets.deleted_at', 'is', null),
    )
    .leftJoin('dataset_versions', 'dataset_versions.id', 'jobs.dataset_version_id')
    .select(lineageColumns)

/** Which run made which model, on which rows; snapshots with the step that they were taken at. */
export async function lineageRecords() {
  const [ends, snapshots] = await Promise.all([
    runs().select('jobs.fine_tuned_model').where('jobs.fine_tuned_model', 'is not', null).execute(),
    runs()
      .innerJoin('job_checkpoints', 'job_checkpoints.job_id', 'jobs.id')
      .select(['job_checkpoints.model', 'job_checkpoints.step'])
      .execute(),
  ])
  return [
    ...ends.map(({ fine_tuned_model, ...run }) => ({ ...run, model: fine_tuned_model ?? '', step: null })),
    ...snapshots,
  ]
}
export type LineageRecord = Awaited<ReturnType<typeof lineageRecords>>[number]

/** A snapshot that was deleted is still told of by its run: from now on it is not offered. */
export async function noteDeleted(providerId: string, model: string): Promise<void> {
  await studio()
    .insertInto('deleted_models')
    .values({ provider_id: providerId, model, at: Date.now() })
    .onConflict((conflict) => conflict.columns(['provider_id', 'model']).doNothing())
    .execute()
}

/** What a job has made, as a job tells of it. */
interface Maker {
  providerId: ProviderId
  fineTunedModel: string | null
}

/** Whether a job has made a model that is not among the deleted ones. */
export const hasModel = ({ providerId, fineTunedModel: model }: Maker, gone: ReadonlySet<string>): boolean =>
  model !== null && !gone.has(refKey({ providerId, model }))

/** Models that were deleted here or through `/v1`, by their keys: runs still tell of them. */
export async function deletedModels(): Promise<ReadonlySet<string>> {
  const rows = await studio().selectFrom('deleted_models').select(['provider_id', 'model']).execute()
  return new Set(
    rows.map(({ provider_id, model }) => refKey({ providerId: ProviderId.parse(provider_id), model })),
  )
}
