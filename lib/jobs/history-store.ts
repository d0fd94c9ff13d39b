import 'server-only'
import { type Insertable, type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type EventRecord = Selectable<StudioTables['job_events']>
export type CheckpointRecord = Selectable<StudioTables['job_checkpoints']>

/** Keeps the first time each status was seen; a provider's own times correct ours. */
export async function keepStates(
  jobId: string,
  states: { status: string; at: number }[],
  exact: boolean,
  db: Db,
): Promise<void> {
  if (states.length === 0) return
  await db
    .insertInto('job_states')
    .values(states.map(({ status, at }) => ({ job_id: jobId, status, at })))
    .onConflict((conflict) => {
      const target = conflict.columns(['job_id', 'status'])
      return exact ? target.doUpdateSet(({ ref }) => ({ at: ref('excluded.at') })) : target.doNothing()
    })
    .execute()
}

export const statesOf = (jobId: string) =>
  studio()
    .selectFrom('job_states')
    .select(['status', 'at'])
    .where('job_id', '=', jobId)
    .orderBy('at')
    .execute()

/** Adds events in the order given; known ones stay unchanged. */
export async function keepEvents(events: Insertable<StudioTables['job_events']>[], db: Db): Promise<void> {
  // SQLite takes 32,766 bound values a statement; eight an event.
  for (let from = 0; from < events.length; from += 1_000) {
    await db
      .insertInto('job_events')
      .values(events.slice(from, from + 1_000))
      .onConflict((conflict) => conflict.columns(['job_id', 'id']).doNothing())
      .execute()
  }
}

export async function knownEvents(jobId: string, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const known = await studio()
    .selectFrom('job_events')
    .select('id')
    .where('job_id', '=', jobId)
    .where('id', 'in', ids)
    .execute()
  return new Set(known.map(({ id }) => id))
}

export const eventPage = (jobId: string, limit: number, before?: number): Promise<EventRecord[]> =>
  studio()
    .selectFrom('job_events')
    .selectAll()
    .where('job_id', '=', jobId)
    .$if(before !== undefined, (query) => query.where('seq', '<', before ?? 0))
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()

/** More than these are read in several batches. */
export const EVENTS_AT_ONCE = 2_000

export const eventsAfter = (jobId: string, seq: number): Promise<EventRecord[]> =>
  studio()
    .selectFrom('job_events')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(EVENTS_AT_ONCE)
    .execute()

/** The provider's last error. */
export const lastErrorEvent = (jobId: string, db: Db = studio()): Promise<EventRecord | undefined> =>
  db
    .selectFrom('job_events')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('level', '=', 'error')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()

export async function eventFacts(jobId: string): Promise<{ count: number; last: number }> {
  const { count, last } = await studio()
    .selectFrom('job_events')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.coalesce(fn.max('seq'), sql<number>`0`).as('last'),
    ])
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow()
  return { count: Number(count), last: Number(last) }
}

export async function keepCheckpoints(checkpoints: CheckpointRecord[], db: Db): Promise<void> {
  if (checkpoints.length === 0) return
  await db
    .insertInto('job_checkpoints')
    .values(checkpoints)
    .onConflict((conflict) => conflict.columns(['job_id', 'id']).doNothing())
    .execute()
}

export const checkpointsOf = (jobId: string): Promise<CheckpointRecord[]> =>
  studio()
    .selectFrom('job_checkpoints')
    .selectAll()
    .where('job_id', '=', jobId)
    .orderBy('step', 'desc')
    .execute()

/** Warnings read at most: a provider may send any number. */
const WARNINGS = 100

/** The data of a job's first warnings, as JSON. */
export async function warningData(jobId: string): Promise<string[]> {
  const events = await studio()
    .selectFrom('job_events')
    .select('data_json')
    .where('job_id', '=', jobId)
    .where('level', '=', 'warn')
    .orderBy('seq')
    .limit(WARNINGS)
    .execute()
  return events.flatMap(({ data_json }) => data_json ?? [])
}

/** The data of an event, as JSON. */
export async function eventData(jobId: string, id: string): Promise<string | null> {
  const event = await studio()
    .selectFrom('job_events')
    .select('data_json')
    .where('job_id', '=', jobId)
    .where('id', '=', id)
    .executeTakeFirst()
  return event?.data_json ?? null
}
