import { useQuery } from '@tanstack/react-query'
import { scoresQuery } from '#lib/evals/queries.ts'
import type { Scores } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

/** ms after a run's end in which its checkpoints begin to be scored by themselves, and ms between two looks for that. */
const BEGINS_WITHIN = 60_000
const GLANCE = 1_500

/** Nothing has begun yet, and it will without being asked to. */
export const isDue = (
  { finishedAt, heldoutRows }: Pick<JobDetail, 'finishedAt' | 'heldoutRows'>,
  scores: Scores | undefined,
): boolean =>
  scores?.evalId === null &&
  scores.offer === null &&
  (heldoutRows ?? 0) > 0 &&
  Date.now() - (finishedAt ?? 0) < BEGINS_WITHIN

/** How a run's checkpoints score; asked once it has succeeded, and again until the scoring begins; the event stream tells the rest. */
export function useScores(job: Pick<JobDetail, 'id' | 'status' | 'finishedAt' | 'heldoutRows'>) {
  return useQuery({
    ...scoresQuery(job.id),
    enabled: job.status === 'succeeded',
    refetchInterval: ({ state: { data } }) => (isDue(job, data) ? GLANCE : false),
  })
}
