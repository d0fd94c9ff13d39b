import 'server-only'
import { studio } from '#lib/db/studio.ts'
import type { ModelScore } from './schema.ts'
import { updateJob } from './store.ts'

/**
 * Stores the held-out scores of a job's models.
 * @param level of its final model, between 0 and 1
 */
export const keepScores = (
  jobId: string,
  scores: readonly ModelScore[],
  level: number | null,
): Promise<void> =>
  updateJob(jobId, { scores_json: scores.length > 0 ? JSON.stringify(scores) : null, score: level })

/** Those of these jobs that have no scores yet. */
export async function jobsWithoutScores(ids: readonly string[]): Promise<string[]> {
  const found = await studio().selectFrom('jobs').select('id').where('scores_json', 'is', null).execute()
  const without = new Set(found.map(({ id }) => id))
  return ids.filter((id) => without.has(id))
}
