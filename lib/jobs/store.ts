import { HIDDEN } from './status.ts'
import 'server-only'
import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { datasetNameBy, versionColumn } from '#lib/datasets/columns-sql.ts'
import { startId } from '#lib/db/start-id.ts'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { spendColumn } from '#lib/providers/spend-store.ts'

export type JobRecord = Selectable<StudioTables['jobs']>
/** The columns of a list row, with the dataset's name and version. */
export type JobRow = Omit<JobRecord, 'request_json' | 'job_json' | 'result_json' | 'start' | 'score'> & {
  dataset_name: string | null
  version_number: number | null
  version_name: string | null
  /** Micro-dollars, if its provider bills. */
  spent: number | null
  reserved: number | null
  tags_json: string
}

/** The next value of the counter that every change of a job increments: the cursor of the event stream. */
const nextChange = sql<number>`(select coalesce(max(change), 0) + 1 from jobs)`
const nextNumber = sql<number>`(select coalesce(max(number), 0) + 1 from jobs where number > 0)`
/** A refused job leaves its number to the next one and gets a number below zero. */
const refusedNumber = sql<number>`(select case when min(number) < 0 then min(number) - 1 else -1 end from jobs)`

const rows = (db: Db) =>
  db
    .selectFrom('jobs')
    .select([
      'jobs.id',
      'jobs.number',
      'jobs.provider_id',
      'jobs.remote_id',
      'jobs.launch',
      'jobs.request_hash',
      'jobs.dataset_id',
      'jobs.dataset_version_id',
      'jobs.validation_dataset_id',
      'jobs.system_prompt',
      'jobs.question',
      'jobs.status',
      'jobs.model',
      'jobs.suffix',
      'jobs.fine_tuned_model',
      'jobs.error_json',
      'jobs.last_loss',
      'jobs.curve_json',
      'jobs.step',
      'jobs.total_steps',
      'jobs.trained_tokens',
      'jobs.created_at',
      'jobs.updated_at',
      'jobs.finished_at',
      'jobs.change',
      'jobs.best_valid',
      'jobs.best_valid_step',
      'jobs.running_at',
      'jobs.trouble_json',
      'jobs.scores_json',
      'jobs.name',
      'jobs.note',
      'jobs.archived_at',
      sql<string>`(select json_group_array(tag) from (select tag from job_tags where job_id = jobs.id order by tag))`.as(
        'tags_json',
      ),
      datasetNameBy('jobs.dataset_id').as('dataset_name'),
      versionColumn('number', 'jobs.dataset_version_id').as('version_number'),
      versionColumn('name', 'jobs.dataset_version_id').as('version_name'),
      spendColumn('spent', 'jobs.id').as('spent'),
      spendColumn('reserved', 'jobs.id').as('reserved'),
    ])

/** Jobs as the list shows them, in the order of their ids. */
export async function rowsIn(ids: readonly string[], db: Db = studio()): Promise<JobRow[]> {
  if (ids.length === 0) return []
  const found = await rows(db).where('jobs.id', 'in', ids).execute()
  const byId = new Map(found.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

interface PageOptions {
  limit: number
  after?: { createdAt: number; id: string }
  /** Only jobs that were trained on it. */
  datasetId?: string
  /** With the archived ones. */
  archived: boolean
}

/**
 * Newest first, those of one moment by their number; a page starts after the last job of the page before, so the last
 * page is as fast as the first.
 */
export function jobPage({ limit, after, datasetId, archived }: PageOptions): Promise<JobRow[]> {
  return rows(studio())
    .where('jobs.launch', 'not in', HIDDEN)
    .$if(!archived, (query) => query.where('jobs.archived_at', 'is', null))
    .$if(datasetId !== undefined, (query) => query.where('jobs.dataset_id', '=', datasetId ?? ''))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(jobs.created_at, jobs.number) < (${after?.createdAt ?? 0}, (select number from jobs as before where before.id = ${after?.id ?? ''}))`,
      ),
    )
    .orderBy('jobs.created_at', 'desc')
    .orderBy('jobs.number', 'desc')
    .limit(limit)
    .execute()
}

export const changedSince = (change: number): Promise<JobRow[]> =>
  rows(studio()).where('jobs.change', '>', change).orderBy('jobs.change').limit(200).execute()

export async function lastChange(): Promise<number> {
  const { last } = await studio()
    .selectFrom('jobs')
    .select(({ fn }) => fn.coalesce(fn.max('change'), sql<number>`0`).as('last'))
    .executeTakeFirstOrThrow()
  return Number(last)
}

const noJob = () => new AppError('not_found', 'jobs.none', { param: 'jobId' })

/** @throws AppError not_found */
export async function findJob(id: string, db: Db = studio()): Promise<JobRecord> {
  const job = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
  if (!job) throw noJob()
  return job
}

export const jobRow = (id: string): Promise<JobRow | undefined> =>
  rows(studio()).where('jobs.id', '=', id).where('jobs.launch', 'not in', HIDDEN).executeTakeFirst()

/** @throws AppError not_found */
export async function findJobRow(id: string): Promise<JobRow> {
  const row = await jobRow(id)
  if (!row) throw noJob()
  return row
}

export const maybeJob = (id: string, db: Db = studio()): Promise<JobRecord | undefined> =>
  db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()

export const jobsWhoseLaunch = (launch: readonly string[], db: Db = studio()): Promise<JobRecord[]> =>
  db.selectFrom('jobs').selectAll().where('launch', 'in', launch).execute()

/** Jobs with these launch states that an earlier start of the studio wrote. */
export const jobsLeftBehind = (launch: readonly string[]): Promise<JobRecord[]> =>
  studio()
    .selectFrom('jobs')
    .selectAll()
    .where('launch', 'in', launch)
    .where('start', 'is not', startId())
    .execute()

/** What the sync loop needs of a job, many times a second. */
export interface ActiveJob {
  id: string
  provider_id: string
  remote_id: string | null
  status: string
  /** Its remote job has been read at least once. */
  seen: number
}

/** Jobs that a provider has acknowledged and that may still change, oldest first. */
export const activeJobs = (): Promise<ActiveJob[]> =>
  studio()
    .selectFrom('jobs')
    .select(['id', 'provider_id', 'remote_id', 'status', sql<number>`job_json is not null`.as('seen')])
    .where('remote_id', 'is not', null)
    .where('finished_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

/** The job that stands for a provider's. */
export const jobOfRemote = (
  providerId: string,
  remoteId: string,
  db: Db = studio(),
): Promise<JobRecord | undefined> =>
  db
    .selectFrom('jobs')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst()

export async function knownRemotes(
  providerId: string,
  remoteIds: string[],
  db: Db = studio(),
): Promise<Set<string>> {
  if (remoteIds.length === 0) return new Set()
  const known = await db
    .selectFrom('jobs')
    .select('remote_id')
    .where('provider_id', '=', providerId)
    .where('remote_id', 'in', remoteIds)
    .execute()
  return new Set(known.map(({ remote_id }) => remote_id ?? ''))
}

export type NewJob = Omit<Insertable<StudioTables['jobs']>, 'number' | 'change'>

export async function insertJob(job: NewJob, db: Db = studio()): Promise<void> {
  await db
    .insertInto('jobs')
    .values({ ...job, number: nextNumber, change: nextChange })
    .execute()
}

export async function updateJob(
  id: string,
  change: UpdateObject<StudioTables, 'jobs'>,
  db: Db = studio(),
): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ ...change, updated_at: Date.now(), change: nextChange })
    .where('id', '=', id)
    .execute()
}

/** Takes back an intent that certainly led to nothing. Its row stays: the counter of changes must never decrease. */
export const withdrawJob = (id: string, db?: Db): Promise<void> =>
  updateJob(id, { launch: 'refused', status: 'refused', number: refusedNumber, finished_at: Date.now() }, db)

/** Reuses a withdrawn intent for its new request. */
export const renewJob = (job: NewJob, db: Db): Promise<void> =>
  updateJob(job.id, { ...job, number: nextNumber, finished_at: null }, db)

/** Marks a creation whose answer was lost, unless the sync loop has found the job meanwhile. */
export async function markUnknown(id: string): Promise<void> {
  await studio()
    .updateTable('jobs')
    .set({ launch: 'unknown', status: 'unknown', updated_at: Date.now(), change: nextChange })
    .where('id', '=', id)
    .where('remote_id', 'is', null)
    .execute()
}

/** ms of the earliest job of a model at a provider since a time; null if there is none. */
export async function earliestOf(
  { providerId, model }: { providerId: string; model: string },
  since: number,
): Promise<number | null> {
  const { earliest } = await studio()
    .selectFrom('jobs')
    .select(({ fn }) => fn.min('created_at').as('earliest'))
    .where('provider_id', '=', providerId)
    .where('model', '=', model)
    .where('remote_id', 'is not', null)
    .where('created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return earliest === null ? null : Number(earliest)
}

/** Jobs that have not ended and were given rows of a dataset. */
export const unfinishedOn = (datasetId: string): Promise<Pick<JobRecord, 'id' | 'number'>[]> =>
  studio()
    .selectFrom('jobs')
    .select(['id', 'number'])
    .where('finished_at', 'is', null)
    .where((eb) => eb.or([eb('dataset_id', '=', datasetId), eb('validation_dataset_id', '=', datasetId)]))
    .execute()

/** A job's sample question is a row of its dataset, so it is deleted with it. */
export async function forgetQuestions(datasetId: string): Promise<void> {
  await studio().updateTable('jobs').set({ question: null }).where('dataset_id', '=', datasetId).execute()
}
