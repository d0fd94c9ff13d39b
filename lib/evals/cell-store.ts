import 'server-only'
import { type Selectable, sql, type UpdateObject } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { CellState } from './schema.ts'
import type { EvalRecord } from './store.ts'

export type CellRecord = Selectable<StudioTables['eval_cells']>

/** Cells of some rows with their answers, in the order of rows and columns. */
export const cellsAt = (evalId: string, places: readonly number[]) =>
  studio()
    .selectFrom('eval_cells as cell')
    .leftJoin('eval_answers as answer', 'answer.id', 'cell.answer_id')
    .select([
      'cell.place',
      'cell.column_index',
      'cell.state',
      'cell.from_cache',
      'cell.grades_json',
      'answer.text',
      'answer.finish_reason',
      'answer.prompt_tokens',
      'answer.cached_tokens',
      'answer.completion_tokens',
      'answer.first_token_ms',
      'answer.total_ms',
      'answer.reported_model',
      'answer.request_id',
      'answer.cost',
      'answer.error_json',
      'answer.ended_at',
    ])
    .where('cell.eval_id', '=', evalId)
    .where('cell.place', 'in', places)
    .orderBy('cell.place')
    .orderBy('cell.column_index')
    .execute()

export type CellWithAnswer = Awaited<ReturnType<typeof cellsAt>>[number]

/** Literal, as in the index `eval_cells_ungraded`: SQLite would not use it for a bound value. */
const ungraded = (db: Db) =>
  db
    .selectFrom('eval_cells as cell')
    .where('cell.state', '=', sql.lit('answered'))
    .where('cell.grades_json', 'is', null)

/** Ungraded answers of an evaluation, in the order of the rows. */
export const ungradedCells = (evalId: string, most: number) =>
  ungraded(studio())
    .innerJoin('eval_answers as answer', 'answer.id', 'cell.answer_id')
    .innerJoin('eval_rows as row', (join) =>
      join.onRef('row.eval_id', '=', 'cell.eval_id').onRef('row.place', '=', 'cell.place'),
    )
    .select(['cell.place', 'cell.column_index', 'answer.text', 'row.expected', 'row.question'])
    .where('cell.eval_id', '=', evalId)
    .orderBy('cell.place')
    .orderBy('cell.column_index')
    .limit(most)
    .execute()

/** Evaluations in any state but failed that have ungraded answers, oldest first. */
export const ungradedEvals = (): Promise<EvalRecord[]> =>
  studio()
    .selectFrom('evals')
    .selectAll()
    .where('id', 'in', ungraded(studio()).select('cell.eval_id'))
    .where('state', '!=', 'failed')
    .orderBy('created_at')
    .execute()

export interface At {
  evalId: string
  place: number
  column: number
}

export async function updateCell(
  { evalId, place, column }: At,
  change: UpdateObject<StudioTables, 'eval_cells'>,
  db: Db = studio(),
): Promise<void> {
  await db
    .updateTable('eval_cells')
    .set(change)
    .where('eval_id', '=', evalId)
    .where('place', '=', place)
    .where('column_index', '=', column)
    .execute()
}

export const keepGrades = (at: At, grades: string): Promise<void> => updateCell(at, { grades_json: grades })

/** Sets the state of cells that are in one of the given states. */
export async function setCellState(
  evalId: string,
  from: readonly CellState[],
  to: CellState,
  column?: number,
): Promise<void> {
  await studio()
    .updateTable('eval_cells')
    .set(to === 'waiting' ? { state: to, answer_id: null, grades_json: null } : { state: to })
    .where('eval_id', '=', evalId)
    .where('state', 'in', from)
    .$if(column !== undefined, (query) => query.where('column_index', '=', column ?? 0))
    .execute()
}

/** How many cells of each column are unfinished. */
export async function openCells(
  evalId: string,
): Promise<{ column: number; waiting: number; asked: number }[]> {
  const found = await studio()
    .selectFrom('eval_cells')
    .select([
      'column_index as column',
      sql<number>`sum(state = 'waiting')`.as('waiting'),
      sql<number>`sum(state = 'asked')`.as('asked'),
    ])
    .where('eval_id', '=', evalId)
    .where('state', 'in', ['waiting', 'asked'])
    .groupBy('column_index')
    .execute()
  return found.map(({ column, waiting, asked }) => ({
    column,
    waiting: Number(waiting),
    asked: Number(asked),
  }))
}
