import { createHash } from 'node:crypto'
import { AppError } from '#lib/core/errors.ts'
import { combinationsOf, combined, isValidSweep } from './combinations.ts'
import { MOST_SWEPT } from './constants.ts'
import { launchJob } from './launch.ts'
import { type Job, JobDraft } from './schema.ts'
import type { SweepDraft } from './sweep-schema.ts'

/** The same sweep sent twice is the same jobs. @param one with the id of the sweep's draft */
const idOf = (one: JobDraft): string =>
  `run_${createHash('sha256').update(JSON.stringify(one)).digest('hex').slice(0, 24)}`

/**
 * Launches a job for each combination of values, one after the other. Only on the built-in engine, which costs nothing: a
 * sum is confirmed for each job alone.
 * @throws AppError invalid elsewhere, for too many jobs, and for values that a job cannot have; what `launchJob` throws: the jobs before it
 * are launched, and the same sweep goes on after them
 */
export async function launchSweep({ draft, ...values }: SweepDraft): Promise<Job[]> {
  if (draft.providerId !== 'embedded') throw new AppError('invalid', 'jobs.sweepElsewhere')
  if (!isValidSweep(values)) throw new AppError('invalid', 'jobs.sweepValues')
  const combinations = combinationsOf(values)
  if (combinations.length > MOST_SWEPT)
    throw new AppError('invalid', ['jobs.sweepTooLarge', { most: MOST_SWEPT }])
  const jobs: Job[] = []
  for (const combination of combinations) {
    const one = JobDraft.parse(combined(draft, combination))
    jobs.push(await launchJob({ ...one, id: idOf(one) }))
  }
  return jobs
}
