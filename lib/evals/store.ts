import 'server-only'
import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { type Db, inTransaction, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { CellState, EvalState } from './schema.ts'

export type EvalRecord = Selectable<StudioTables['evals']>
export type EvalRowRecord = Selectable<StudioTables['eval_rows']>
export type CellRecord = Selectable<StudioTables['eval_cells']>
export type AnswerRecord = Selectable<StudioTables['eval_answers']>
export type FixRecord = Selectable<StudioTables['eval_fixes']>
type NewCell = Insertable<StudioTables['eval_cells']>

/** SQLite takes 32,766 bound values a statement. */
const AT_ONCE = 1_000

function* chunksOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) yield items.slice(from, from + AT_ONCE)
}

export const maybeEval = (id: string, db: Db = studio()): Promise<EvalRecord | undefined> =>
  db.selectFrom('evals').selectAll().where('id', '=', id).executeTakeFirst()

/** @throws AppError not_found */
export async function findEval(id: string, db?: Db): Promise<EvalRecord> {
  const found = await maybeEval(id, db)
  if (!found) throw new AppError('not_found', 'There is no evaluation with this id.', { param: 'evalId' })
  return found
}

/** An evaluation with its rows and cells: all of it or nothing. @returns false when the id is taken */
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

/** Changes an evaluation by what it is at that moment; not at all where `change` says null, or where it is gone. */
export const changeEval = (id: string, change: (record: EvalRecord) => EvalChange | null): Promise<void> =>
  inTransaction(async (db) => {
    const record = await maybeEval(id, db)
    const changed = record ? change(record) : null
    if (changed) await updateEval(id, changed, db)
  })

/** Evaluations in a state, the oldest first. */
export const evalsIn = (...states: EvalState[]): Promise<EvalRecord[]> =>
  studio().selectFrom('evals').selectAll().where('state', 'in', states).orderBy('created_at').execute()

/** The newest first, at most 200. */
export const evalsOf = ({ dataset, job }: { dataset?: string; job?: string }): Promise<EvalRecord[]> =>
  studio()
    .selectFrom('evals')
    .selectAll()
    .$if(dataset !== undefined, (query) => query.where('dataset_id', '=', dataset ?? ''))
    .$if(job !== undefined, (query) => query.where('job_id', '=', job ?? ''))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(200)
    .execute()

/** The evaluation of a run's checkpoints that was begun last. */
export const sweepOf = (jobId: string): Promise<EvalRecord | undefined> =>
  studio()
    .selectFrom('evals')
    .selectAll()
    .where('job_id', '=', jobId)
    .orderBy('sweep', 'desc')
    .orderBy('created_at', 'desc')
    .executeTakeFirst()

export const rowsAt = (evalId: string, places: readonly number[]): Promise<EvalRowRecord[]> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('place', 'in', places)
    .execute()

/** Rows that are not asked. */
export const excludedRows = (evalId: string): Promise<EvalRowRecord[]> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('excluded', 'is not', null)
    .orderBy('place')
    .execute()

export const rowAt = (evalId: string, place: number): Promise<EvalRowRecord> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('place', '=', place)
    .executeTakeFirstOrThrow()

export const rowWithKey = (evalId: string, key: string): Promise<EvalRowRecord | undefined> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('key', '=', key)
    .executeTakeFirst()

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

/** Which of these answers are known. */
export async function knownHashes(hashes: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (const chunk of chunksOf(hashes)) {
    const found = await studio()
      .selectFrom('eval_answers')
      .select('hash')
      .where('state', '=', 'answered')
      .where('hash', 'in', chunk)
      .execute()
    for (const { hash } of found) known.add(hash)
  }
  return known
}

/** Gives cells that wait for an answer which is there already that answer. */
export async function adoptAnswers(evalId: string): Promise<void> {
  await sql`update eval_cells
    set state = 'answered', answer_id = answer.id, from_cache = answer.eval_id <> eval_cells.eval_id
    from eval_answers as answer
    where answer.hash = eval_cells.hash and answer.state = 'answered'
      and eval_cells.eval_id = ${evalId} and eval_cells.state = 'waiting'`.execute(studio())
}

/** Written as the index `eval_cells_ungraded` has it: a bound value would pass it by. */
const ungraded = (db: Db) =>
  db
    .selectFrom('eval_cells as cell')
    .where('cell.state', '=', sql.lit('answered'))
    .where('cell.grades_json', 'is', null)

/** Answers of an evaluation that no grader has seen, in the order of the rows. */
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

/** Evaluations in any state but failed that have such answers, the oldest first. */
export const ungradedEvals = (): Promise<EvalRecord[]> =>
  studio()
    .selectFrom('evals')
    .selectAll()
    .where('id', 'in', ungraded(studio()).select('cell.eval_id'))
    .where('state', '!=', 'failed')
    .orderBy('created_at')
    .execute()

interface At {
  evalId: string
  place: number
  column: number
}

async function updateCell(
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

type Intent = Pick<AnswerRecord, 'id' | 'provider_id' | 'model'>

/**
 * Takes the next cell of a column that waits, and writes down that it is asked now: before anything leaves.
 * @returns null when there is none, or none whose answer is not being asked for already
 */
export const takeCell = (evalId: string, column: number, intent: Intent): Promise<CellRecord | null> =>
  inTransaction(async (db) => {
    const cell = await db
      .selectFrom('eval_cells as cell')
      .innerJoin('evals', 'evals.id', 'cell.eval_id')
      .selectAll('cell')
      .where('cell.eval_id', '=', evalId)
      .where('cell.column_index', '=', column)
      .where('cell.state', '=', 'waiting')
      .where('evals.state', '=', 'running')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('eval_answers as other')
              .select('other.id')
              .whereRef('other.hash', '=', 'cell.hash')
              .where('other.state', 'in', ['asked', 'answered']),
          ),
        ),
      )
      .orderBy('cell.place')
      .limit(1)
      .executeTakeFirst()
    if (!cell) return null
    await db.insertInto('eval_answers').values(asked(intent, cell)).execute()
    await updateCell({ evalId, place: cell.place, column }, { state: 'asked', answer_id: intent.id }, db)
    return cell
  })

const asked = (intent: Intent, { hash, eval_id }: CellRecord): AnswerRecord => ({
  ...intent,
  hash,
  eval_id,
  state: 'asked',
  text: '',
  finish_reason: null,
  prompt_tokens: null,
  cached_tokens: null,
  completion_tokens: null,
  first_token_ms: null,
  total_ms: null,
  reported_model: null,
  request_id: null,
  cost: null,
  error_json: null,
  asked_at: Date.now(),
  ended_at: null,
})

/** How an answer ended, and what that makes of its cell. It is graded after it was written. */
export const endAnswer = (
  id: string,
  at: At,
  answer: Partial<AnswerRecord> & { state: CellState },
): Promise<void> =>
  inTransaction(async (db) => {
    await db.updateTable('eval_answers').set(answer).where('id', '=', id).execute()
    await updateCell(at, { state: answer.state }, db)
  })

/** What was certainly not asked: its cell waits again. */
export const withdraw = (id: string, at: At): Promise<void> =>
  inTransaction(async (db) => {
    await db.deleteFrom('eval_answers').where('id', '=', id).execute()
    await updateCell(at, { state: 'waiting', answer_id: null }, db)
  })

/** After a start: what was asked when the last process ended. Of this computer it is asked anew, of others it is lost. */
export const settleAsked = (): Promise<void> =>
  inTransaction(async (db) => {
    const open = db.selectFrom('eval_answers').select('id').where('state', '=', 'asked')
    const here = open.where('provider_id', '=', 'embedded')
    const cells = db.updateTable('eval_cells')
    await cells.set({ state: 'waiting', answer_id: null }).where('answer_id', 'in', here).execute()
    await db
      .deleteFrom('eval_answers')
      .where('state', '=', 'asked')
      .where('provider_id', '=', 'embedded')
      .execute()
    await cells.set({ state: 'lost' }).where('answer_id', 'in', open).execute()
    await db
      .updateTable('eval_answers')
      .set({ state: 'lost', ended_at: Date.now() })
      .where('state', '=', 'asked')
      .execute()
  })

/** Cells in any of these states become another. */
export async function turnCells(
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

/** How many cells of each column are still to come. */
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

/** Micro-dollars that an evaluation itself paid, for every attempt; null where one of them is not known. */
export async function paidBy(evalId: string): Promise<number | null> {
  const { paid, unknown } = await studio()
    .selectFrom('eval_answers')
    .select([
      sql<number>`coalesce(sum(cost), 0)`.as('paid'),
      sql<number>`coalesce(sum(cost is null), 0)`.as('unknown'),
    ])
    .where('eval_id', '=', evalId)
    .where('state', '!=', 'asked')
    .executeTakeFirstOrThrow()
  return Number(unknown) > 0 ? null : Number(paid)
}

/** The run that made a model, and the step that it was saved at; undefined for one of no run here. */
export async function makerOf(providerId: string, model: string) {
  const jobs = studio()
    .selectFrom('jobs')
    .leftJoin('dataset_versions as version', 'version.id', 'jobs.dataset_version_id')
    .select([
      'jobs.id',
      'jobs.model as base',
      'jobs.request_json',
      'version.dataset_id',
      'version.revision',
      'jobs.total_steps',
    ])
    .where('jobs.provider_id', '=', providerId)
  const final = await jobs.where('jobs.fine_tuned_model', '=', model).executeTakeFirst()
  if (final) return { ...final, step: final.total_steps, final: true }
  const checkpoint = await jobs
    .innerJoin('job_checkpoints as checkpoint', 'checkpoint.job_id', 'jobs.id')
    .select('checkpoint.step')
    .where('checkpoint.model', '=', model)
    .executeTakeFirst()
  return checkpoint && { ...checkpoint, final: false }
}

/** Which of these prompts stood among the rows of a split at a revision. */
export async function promptsAmong(
  prompts: readonly number[],
  { datasetId, revision, split }: { datasetId: string; revision: number; split: string },
): Promise<Set<number>> {
  const among = new Set<number>()
  for (const chunk of chunksOf(prompts)) {
    const found = await studio()
      .selectFrom('dataset_rows')
      .select('prompt_hash')
      .distinct()
      .where('dataset_id', '=', datasetId)
      .where('split', '=', split)
      .where('since', '<=', revision)
      .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', revision)]))
      .where('prompt_hash', 'in', chunk)
      .execute()
    for (const { prompt_hash } of found) among.add(Number(prompt_hash))
  }
  return among
}

/** Writes that the evaluation of a run is being begun: until `sweepBegun`, no start tries it again. */
export async function beginSweep(jobId: string): Promise<void> {
  await studio().insertInto('eval_sweeps').values({ job_id: jobId, begun_at: Date.now() }).execute()
}

export async function sweepBegun(jobId: string): Promise<void> {
  await studio().deleteFrom('eval_sweeps').where('job_id', '=', jobId).execute()
}

/** Runs of this computer that have ended well since, on data with held-out rows, and whose checkpoints nobody has compared. */
export const unsweptJobs = (since: number): Promise<{ id: string }[]> =>
  studio()
    .selectFrom('jobs')
    .innerJoin('dataset_versions as version', 'version.id', 'jobs.dataset_version_id')
    .select('jobs.id')
    .where('jobs.provider_id', '=', 'embedded')
    .where('jobs.status', '=', 'succeeded')
    .where('jobs.fine_tuned_model', 'is not', null)
    .where('jobs.finished_at', '>=', since)
    .where('version.heldout_rows', '>', 0)
    .where('jobs.id', 'not in', studio().selectFrom('eval_sweeps').select('job_id'))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('evals')
            .select('evals.id')
            .whereRef('evals.job_id', '=', 'jobs.id')
            .where('evals.sweep', '=', 1),
        ),
      ),
    )
    .orderBy('jobs.finished_at')
    .execute()

/** Name of a dataset, also of a deleted one; '' for one that was never here. */
export async function datasetNamed(id: string): Promise<string> {
  const found = await studio().selectFrom('datasets').select('name').where('id', '=', id).executeTakeFirst()
  return found?.name ?? ''
}

export const versionWith = (id: string | null) =>
  studio()
    .selectFrom('dataset_versions')
    .select(['id', 'number', 'name', 'revision', 'sha256', 'heldout_rows'])
    .where('id', '=', id)
    .executeTakeFirst()

/** The version that stands for a revision, if there is one. */
export const versionAt = (datasetId: string, revision: number) =>
  studio()
    .selectFrom('dataset_versions')
    .select(['id', 'number', 'name', 'revision'])
    .where('dataset_id', '=', datasetId)
    .where('revision', '=', revision)
    .executeTakeFirst()

export async function insertFix(fix: FixRecord): Promise<void> {
  await studio().insertInto('eval_fixes').values(fix).execute()
}

export const fixesIn = (evalId: string): Promise<FixRecord[]> =>
  studio()
    .selectFrom('eval_fixes')
    .selectAll()
    .where('eval_id', '=', evalId)
    .orderBy('created_at')
    .orderBy('revision')
    .execute()

/** The row as it stands in the dataset now, and the revision that wrote it; undefined when it is gone. */
export const rowNow = (datasetId: string, key: string) =>
  studio()
    .selectFrom('dataset_rows')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('key', '=', key)
    .where('until', 'is', null)
    .executeTakeFirst()

/** Training row that an earlier fix of the same row wrote. */
export const lastFix = (datasetId: string, rowKey: string): Promise<FixRecord | undefined> =>
  studio()
    .selectFrom('eval_fixes')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('row_key', '=', rowKey)
    .orderBy('revision', 'desc')
    .executeTakeFirst()

/** Rows that fixes wrote after a revision and that are still there, each once. */
export async function fixesSince(datasetId: string, revision: number): Promise<number> {
  const { fixes } = await studio()
    .selectFrom('eval_fixes as fix')
    .innerJoin('dataset_rows as row', (join) =>
      join.onRef('row.key', '=', 'fix.written_key').onRef('row.dataset_id', '=', 'fix.dataset_id'),
    )
    .select(({ fn }) => fn.count<number>('fix.written_key').distinct().as('fixes'))
    .where('fix.dataset_id', '=', datasetId)
    .where('fix.revision', '>', revision)
    .where('row.until', 'is', null)
    .where('row.since', '>', revision)
    .executeTakeFirstOrThrow()
  return Number(fixes)
}

/** Evaluations of a dataset's rows that may still ask something. */
export const unfinishedOn = (datasetId: string): Promise<Pick<EvalRecord, 'id'>[]> =>
  studio()
    .selectFrom('evals')
    .select('id')
    .where('dataset_id', '=', datasetId)
    .where('state', 'in', ['running', 'paused'])
    .execute()

/** Deletes an evaluation with its rows and cells. */
const deleteEval = (id: string): Promise<void> =>
  inTransaction(async (db) => {
    await db.deleteFrom('eval_fixes').where('eval_id', '=', id).execute()
    await db.deleteFrom('evals').where('id', '=', id).execute()
  })

/** Deletes answers of evaluations that are gone, except those that another one has in a cell. */
async function deleteLeftAnswers(): Promise<void> {
  const used = studio().selectFrom('eval_cells').select('answer_id').where('answer_id', 'is not', null)
  await studio()
    .deleteFrom('eval_answers')
    .where('eval_id', 'not in', studio().selectFrom('evals').select('id'))
    .where('id', 'not in', used)
    .execute()
}

/** Deletes all evaluations of a dataset for good: what was written there is overwritten with zeros. */
export async function deleteEvalsOf(datasetId: string): Promise<void> {
  const evals = await studio().selectFrom('evals').select('id').where('dataset_id', '=', datasetId).execute()
  await sql`pragma secure_delete = on`.execute(studio())
  try {
    for (const { id } of evals) await deleteEval(id)
    await deleteLeftAnswers()
    await studio().deleteFrom('eval_fixes').where('dataset_id', '=', datasetId).execute()
  } finally {
    await sql`pragma secure_delete = off`.execute(studio())
  }
}
