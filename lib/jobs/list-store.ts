import { HIDDEN } from './status.ts'
import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { datasetNameBy } from '#lib/datasets/columns-sql.ts'
import { type Db, studio } from '#lib/db/studio.ts'
import { costBy } from '#lib/providers/spend-store.ts'
import type { JobListQuery } from './schema.ts'
import { type JobRow, rowsIn } from './store.ts'

/** The list's query with defaults set and lists split. */
export type ListFilter = ReturnType<typeof JobListQuery.parse>

const datasetName = datasetNameBy('jobs.dataset_id')

/** What a job is called, as in `jobName`. */
const name = sql<string>`coalesce(jobs.name, nullif(jobs.suffix, ''), ${datasetName}, '')`

/** All but `cost` and a dataset's name are in the index `jobs_list`: a wide row is read only to be shown. */
const sorts: Record<ListFilter['sort'], RawBuilder<unknown>> = {
  created: sql`jobs.created_at`,
  name: sql`natural_key(${name})`,
  state: sql`jobs.status`,
  score: sql`jobs.score`,
  loss: sql`jobs.last_loss`,
  valid: sql`jobs.best_valid`,
  time: sql`case when jobs.running_at is null then null else coalesce(jobs.finished_at, unixepoch() * 1000) - jobs.running_at end`,
  cost: sql`coalesce(${costBy('jobs.id')}, case jobs.provider_id when 'embedded' then 0 end)`,
}

/** `%` and `_` that the user types are plain characters. */
const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const holds = (column: RawBuilder<unknown>, text: string): RawBuilder<boolean> =>
  sql<boolean>`${column} like ${anywhere(text)} escape '\\'`

const searched = (text: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.join(
    [
      sql`jobs.name`,
      sql`jobs.suffix`,
      sql`jobs.id`,
      sql`jobs.remote_id`,
      sql`jobs.model`,
      datasetName,
      sql`jobs.fine_tuned_model`,
    ].map((column) => holds(column, text)),
    sql` or `,
  )} or cast(jobs.number as text) = ${text}
    or exists (select 1 from job_tags where job_id = jobs.id and ${holds(sql`tag`, text)}))`

/** Jobs that match; refused and deleted ones never do. */
const fitting = ({ q, state, model, dataset, provider, tag, archived }: ListFilter, db: Db) =>
  db
    .selectFrom('jobs')
    .where('jobs.launch', 'not in', HIDDEN)
    .where('jobs.archived_at', archived ? 'is not' : 'is', null)
    .$if(Boolean(q), (query) => query.where(searched(q ?? '')))
    .$if(Boolean(state?.length), (query) => query.where('jobs.status', 'in', state ?? []))
    .$if(Boolean(model?.length), (query) => query.where('jobs.model', 'in', model ?? []))
    .$if(Boolean(dataset?.length), (query) => query.where('jobs.dataset_id', 'in', dataset ?? []))
    .$if(Boolean(provider?.length), (query) => query.where('jobs.provider_id', 'in', provider ?? []))
    .$if(Boolean(tag?.length), (query) =>
      query.where(
        'jobs.id',
        'in',
        db
          .selectFrom('job_tags')
          .select('job_id')
          .where('tag', 'in', tag ?? []),
      ),
    )

/** A page of the list: first its ids in order, since only those rows are then read whole. */
export async function pageOf(filter: ListFilter, db: Db = studio()): Promise<JobRow[]> {
  const { sort, order, page, limit } = filter
  const key = sorts[sort]
  const ids = await fitting(filter, db)
    .select('jobs.id')
    // Jobs without a value come last in both orders.
    .orderBy(key, (by) => (order === 'asc' ? by.asc() : by.desc()).nullsLast())
    .orderBy('jobs.created_at', 'desc')
    .orderBy('jobs.number', 'desc')
    .limit(limit)
    .offset((page - 1) * limit)
    .execute()
  return rowsIn(
    ids.map(({ id }) => id),
    db,
  )
}

export async function totalOf(filter: ListFilter, db: Db = studio()): Promise<number> {
  const { count } = await fitting(filter, db)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const COUNTED = ['status', 'model', 'provider_id', 'dataset_id'] as const

/** Counts of all jobs for each filter of the list, in one pass. */
export const filterCounts = (db: Db = studio()) =>
  db
    .selectFrom('jobs')
    .where('launch', 'not in', HIDDEN)
    .select(({ fn }) => [
      ...COUNTED,
      sql<number>`archived_at is not null`.as('archived'),
      fn.countAll<number>().as('count'),
      fn.max('number').as('newest'),
    ])
    .groupBy([...COUNTED, 'archived'])
    .execute()
