import 'server-only'
import { studio } from '#lib/db/studio.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'

/** Snapshots that our runs left on their way; providers list only where a run ended. Newest first. */
export async function listCheckpoints(): Promise<CatalogModel[]> {
  const rows = await studio()
    .selectFrom('job_checkpoints')
    .innerJoin('jobs', 'jobs.id', 'job_checkpoints.job_id')
    .select(['jobs.provider_id', 'job_checkpoints.model', 'job_checkpoints.created_at'])
    .where((eb) => eb('job_checkpoints.model', '!=', eb.fn.coalesce('jobs.fine_tuned_model', eb.val(''))))
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
