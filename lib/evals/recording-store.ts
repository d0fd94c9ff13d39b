import 'server-only'
import { studio } from '#lib/db/studio.ts'

/** Every complete answer with its prompt and its tokens, row by row. @param place the first row, from 0 */
export const recordedFrom = (evalId: string, place: number, most: number) =>
  studio()
    .selectFrom('eval_cells as cell')
    .innerJoin('eval_answers as answer', 'answer.id', 'cell.answer_id')
    .innerJoin('eval_rows as row', (join) =>
      join.onRef('row.eval_id', '=', 'cell.eval_id').onRef('row.place', '=', 'cell.place'),
    )
    .select(['cell.place', 'cell.column_index', 'row.messages_json', 'row.expected', 'answer.text'])
    .select(['answer.finish_reason', 'answer.reported_model', 'answer.ended_at', 'answer.tokens_json'])
    .where('cell.eval_id', '=', evalId)
    .where('cell.state', '=', 'answered')
    .where('cell.place', '>=', place)
    .where('cell.place', '<', place + most)
    .orderBy('cell.place')
    .orderBy('cell.column_index')
    .execute()

/** The first complete answer to each prompt, in the order of the rows. */
export const recordedAnswers = (evalId: string) =>
  studio()
    .selectFrom('eval_cells as cell')
    .innerJoin('eval_answers as answer', 'answer.id', 'cell.answer_id')
    .innerJoin('eval_rows as row', (join) =>
      join.onRef('row.eval_id', '=', 'cell.eval_id').onRef('row.place', '=', 'cell.place'),
    )
    // SQLite takes the other columns from the row that has the minimum.
    .select(({ fn }) => ['row.messages_json', 'answer.text', fn.min('cell.column_index').as('column')])
    .where('cell.eval_id', '=', evalId)
    .where('cell.state', '=', 'answered')
    .groupBy('cell.place')
    .orderBy('cell.place')
    .execute()

/** The last row's place; -1 without rows. */
export async function lastPlace(evalId: string): Promise<number> {
  const { last } = await studio()
    .selectFrom('eval_rows')
    .select(({ fn }) => fn.max('place').as('last'))
    .where('eval_id', '=', evalId)
    .executeTakeFirstOrThrow()
  return last === null ? -1 : Number(last)
}
