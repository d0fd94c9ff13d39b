import { useQuery } from '@tanstack/react-query'
import { scoresQuery } from '#lib/evals/queries.ts'
import type { Scores } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

/** ms after the end of a job within which scoring starts automatically, and ms between two polls for that start. */
const BEGINS_WITHIN = 60_000
const GLANCE = 1_500

/** Scoring has not started yet, but will start automatically. */
export const isDue = (
  { finishedAt, heldoutRows }: Pick<JobDetail, 'finishedAt' | 'heldoutRows'>,
  scores: Scores | undefined,
): boolean =>
  scores?.evalId === null &&
  scores.offer === null &&
  (heldoutRows ?? 0) > 0 &&
  Date.now() - (finishedAt ?? 0) < BEGINS_WITHIN

/**
 * Held-out scores of a job's checkpoints; fetched when the job has succeeded, polled until scoring starts, then updated
 * by the event stream.
 */
export function useScores(job: Pick<JobDetail, 'id' | 'status' | 'finishedAt' | 'heldoutRows'>) {
  return useQuery({
    ...scoresQuery(job.id),
    enabled: job.status === 'succeeded',
    refetchInterval: ({ state: { data } }) => (isDue(job, data) ? GLANCE : false),
  })
}
