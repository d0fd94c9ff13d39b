import type { Job, JobEvent } from './schema.ts'

/** Maximum number of events kept on a page; older events are fetched on request. */
const MOST_EVENTS = 2_000

const newestFirst = (a: Job, b: Job) => b.createdAt - a.createdAt || b.number - a.number

/** Replaces changed jobs in the list, unless one is older than the cached one; of a hidden job it keeps that it is gone. */
export function mergeJobs(jobs: readonly Job[], changed: readonly Job[]): Job[] {
  const byId = new Map(jobs.map((job) => [job.id, job]))
  for (const job of changed) if (job.change >= (byId.get(job.id)?.change ?? 0)) byId.set(job.id, job)
  return [...byId.values()].sort(newestFirst)
}

/** Newest first, without duplicates. */
export function mergeEvents(events: readonly JobEvent[], later: readonly JobEvent[]): JobEvent[] {
  const known = new Set(events.map(({ seq }) => seq))
  const fresh = later.filter(({ seq }) => !known.has(seq))
  if (fresh.length === 0) return [...events]
  return [...fresh, ...events].sort((a, b) => b.seq - a.seq).slice(0, MOST_EVENTS)
}
