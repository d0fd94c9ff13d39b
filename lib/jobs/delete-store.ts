import { HIDDEN } from './status.ts'
import 'server-only'
import { type Db, studio } from '#lib/db/studio.ts'
import { updateJob } from './store.ts'

const HISTORY = ['job_events', 'job_points', 'job_checkpoints', 'job_states', 'job_tags'] as const

/**
 * Deletes all that is known of a job. Its bare row stays: by it the sync loop knows the provider's job, which it would
 * else find again, and the counter of changes never decreases.
 */
export async function eraseJob(id: string, db: Db): Promise<void> {
  for (const table of HISTORY) await db.deleteFrom(table).where('job_id', '=', id).execute()
  const nothing = {
    job_json: null,
    result_json: null,
    error_json: null,
    trouble_json: null,
    curve_json: null,
  }
  await updateJob(
    id,
    {
      ...{ launch: 'deleted', status: 'deleted', request_json: '{}', ...nothing },
      ...{ suffix: null, name: null, note: null, system_prompt: null, question: null, archived_at: null },
      ...{ fine_tuned_model: null, scores_json: null, score: null },
    },
    db,
  )
}

/** Jobs of a provider that were trained further from one of these models, the newest first. */
export async function trainedFrom(providerId: string, models: readonly string[]) {
  if (models.length === 0) return []
  return studio()
    .selectFrom('jobs')
    .select(['id', 'number', 'model', 'status', 'finished_at'])
    .where('provider_id', '=', providerId)
    .where('model', 'in', models)
    .where('launch', 'not in', HIDDEN)
    .orderBy('number', 'desc')
    .execute()
}
