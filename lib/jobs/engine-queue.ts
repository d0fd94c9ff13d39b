import { viewJob } from './list.ts'
import { isWaiting } from './queue.ts'
import type { EngineQueue } from './schema.ts'
import { activeJobs } from './store.ts'

const TRAINING: readonly string[] = ['running', 'pausing']

/** The job that the built-in engine trains, and those that wait for it, the next one first. */
export async function engineQueue(): Promise<EngineQueue> {
  const active = await activeJobs()
  const training = active.find(
    ({ provider_id, status }) => provider_id === 'embedded' && TRAINING.includes(status),
  )
  return {
    training: training ? await viewJob(training.id) : null,
    waiting: active.filter(isWaiting).map(({ id }) => id),
  }
}
