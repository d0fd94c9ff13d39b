import { failure, logInternal } from '#lib/http/failure.ts'
import type { Outcome } from './schema.ts'

/** Does something to jobs, one after the other; what fails for one stops no other. */
export async function eachJob(
  jobIds: readonly string[],
  work: (jobId: string) => Promise<unknown>,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], failures: [] }
  for (const id of jobIds) {
    try {
      await work(id)
      outcome.done.push(id)
    } catch (thrown) {
      const error = failure(thrown)
      logInternal(error)
      outcome.failures.push({ id, ...error.words })
    }
  }
  return outcome
}
