import { QUIZ } from './constants.ts'
import 'server-only'
import type { Insertable, Selectable, UpdateObject } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { type Db, inTransaction, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { EvalRowRecord } from './row-store.ts'
import type { EvalState } from './schema.ts'

export type EvalRecord = Selectable<StudioTables['evals']>

type NewCell = Insertable<StudioTables['eval_cells']>

/** SQLite takes 32,766 bound values a statement. */
const AT_ONCE = 1_000

export function* chunksOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) yield items.slice(from, from + AT_ONCE)
}

export const maybeEval = (id: string, db: Db = studio()): Promise<EvalRecord | undefined> =>
  db.selectFrom('evals').selectAll().where('id', '=', id).executeTakeFirst()

/** @throws AppError not_found */
export async function findEval(id: string, db?: Db): Promise<EvalRecord> {
  const found = await maybeEval(id, db)
  if (!found) throw new AppError('not_found', 'evals.none', { param: 'evalId' })
  return found
}

/** Inserts an evaluation with its rows and cells, all or nothing. @returns false when the id is taken */
export const insertEval = (
  record: EvalRecord,
  rows: readonly EvalRowRecord[],
  cells: readonly NewCell[],
): Promise<boolean> =>
  inTransaction(async (db) => {
    if (await maybeEval(record.id, db)) return false
    await db.insertInto('evals').values(record).execute()
    for (const chunk of chunksOf(rows)) await db.insertInto('eval_rows').values(chunk).execute()
    for (const chunk of chunksOf(cells)) await db.insertInto('eval_cells').values(chunk).execute()
    return true
  })

type EvalChange = UpdateObject<StudioTables, 'evals'>

export async function updateEval(id: string, change: EvalChange, db: Db = studio()): Promise<void> {
  await db.updateTable('evals').set(change).where('id', '=', id).execute()
}

/** Changes an evaluation depending on its current state; no change when `change` returns null or it is gone. */
export const changeEval = (id: string, change: (record: EvalRecord) => EvalChange | null): Promise<void> =>
  inTransaction(async (db) => {
    const record = await maybeEval(id, db)
    const changed = record ? change(record) : null
    if (changed) await updateEval(id, changed, db)
  })

/** Evaluations in a state, oldest first. */
export const evalsIn = (...states: EvalState[]): Promise<EvalRecord[]> =>
  studio().selectFrom('evals').selectAll().where('state', 'in', states).orderBy('created_at').execute()

/** Newest first, at most 200; without quizzes, which belong to the page of their job. */
export const evalsOf = ({ dataset, job }: { dataset?: string; job?: string }): Promise<EvalRecord[]> =>
  studio()
    .selectFrom('evals')
    .selectAll()
    .where('dataset_id', '!=', QUIZ)
    .$if(dataset !== undefined, (query) => query.where('dataset_id', '=', dataset ?? ''))
    .$if(job !== undefined, (query) => query.where('job_id', '=', job ?? ''))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(200)
    .execute()

/** Evaluations of a job's models, without its quiz. */
export async function countEvalsOf(jobId: string): Promise<number> {
  const { count } = await studio()
    .selectFrom('evals')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('dataset_id', '!=', QUIZ)
    .where((eb) => eb.or([eb('job_id', '=', jobId), eb('columns_json', 'like', `%"jobId":"${jobId}"%`)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Evaluations of a dataset's rows that may still ask something. */
export const unfinishedOn = (datasetId: string): Promise<Pick<EvalRecord, 'id'>[]> =>
  studio()
    .selectFrom('evals')
    .select('id')
    .where('dataset_id', '=', datasetId)
    .where('state', 'in', ['running', 'paused'])
    .execute()
