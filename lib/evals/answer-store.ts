import 'server-only'
import { type Selectable, sql } from 'kysely'
import { inTransaction, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { type At, type CellRecord, updateCell } from './cell-store.ts'
import type { CellState } from './schema.ts'
import { chunksOf } from './store.ts'

export type AnswerRecord = Selectable<StudioTables['eval_answers']>

/** Which of these answers are stored. */
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

/** Gives waiting cells an answer that is stored already. */
export async function adoptAnswers(evalId: string): Promise<void> {
  await sql`update eval_cells
    set state = 'answered', answer_id = answer.id, from_cache = answer.eval_id <> eval_cells.eval_id
    from eval_answers as answer
    where answer.hash = eval_cells.hash and answer.state = 'answered'
      and eval_cells.eval_id = ${evalId} and eval_cells.state = 'waiting'`.execute(studio())
}

type Intent = Pick<AnswerRecord, 'id' | 'provider_id' | 'model'>

/**
 * Takes the next waiting cell of a column and marks it as asked, before anything is sent.
 * @returns null when there is none, or when every such answer is being asked for already
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
  tokens_json: null,
})

/** Stores how an answer ended and its cell's new state. It is graded later. */
export const endAnswer = (
  id: string,
  at: At,
  answer: Partial<AnswerRecord> & { state: CellState },
): Promise<void> =>
  inTransaction(async (db) => {
    await db.updateTable('eval_answers').set(answer).where('id', '=', id).execute()
    await updateCell(at, { state: answer.state }, db)
  })

/** Undoes `takeCell` for an answer that was certainly not asked: its cell waits again. */
export const withdraw = (id: string, at: At): Promise<void> =>
  inTransaction(async (db) => {
    await db.deleteFrom('eval_answers').where('id', '=', id).execute()
    await updateCell(at, { state: 'waiting', answer_id: null }, db)
  })

/**
 * After a start: the last process's unfinished answers. The built-in engine is asked again; answers of other providers
 * are lost.
 */
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

/** Micro-dollars that an evaluation itself paid, over all attempts; null when the cost of one is unknown. */
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

/** A complete answer of the built-in engine; ms. */
export interface TimedAnswer {
  model: string
  from: number
  to: number
  tokens: number
}

/** Answers that are looked through for `newestAnswers`: older ones tell nothing of today. */
const LOOKED_THROUGH = 500

/** The newest answers of models of the built-in engine, as far as it counted their tokens. */
export async function newestAnswers(models: readonly string[]): Promise<TimedAnswer[]> {
  // Rows are numbered in the order in which they were asked.
  const newest = studio()
    .selectFrom('eval_answers')
    .select(['provider_id', 'model', 'state', 'asked_at', 'ended_at', 'completion_tokens'])
    .orderBy(sql`rowid`, 'desc')
    .limit(LOOKED_THROUGH)
  const found = await studio()
    .selectFrom(newest.as('newest'))
    .select(['model', 'asked_at', 'ended_at', 'completion_tokens'])
    .where('provider_id', '=', 'embedded')
    .where('state', '=', 'answered')
    .where('model', 'in', models)
    .where('ended_at', 'is not', null)
    .where('completion_tokens', 'is not', null)
    .execute()
  return found.map(({ model, asked_at, ended_at, completion_tokens }) => ({
    model,
    from: Number(asked_at),
    to: Number(ended_at),
    tokens: Number(completion_tokens),
  }))
}
