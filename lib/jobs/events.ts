import { eventPage } from './history-store.ts'
import { EventQuery, type JobEvent } from './schema.ts'
import { findJob } from './store.ts'
import { asEvent } from './view.ts'

/**
 * A page of a job's events, newest first.
 * @throws AppError not_found
 */
export async function jobEvents(jobId: string, query: Partial<EventQuery> = {}): Promise<JobEvent[]> {
  await findJob(jobId)
  const { limit, before } = EventQuery.parse(query)
  return (await eventPage(jobId, limit, before)).map(asEvent)
}
