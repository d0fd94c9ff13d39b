import 'server-only'
import { studio } from '#lib/db/studio.ts'

/** The first column's complete answers with their prompts, in the order of the rows. */
export const recordedAnswers = (evalId: string) =>
  studio()
    .selectFrom('eval_cells as cell')
    .innerJoin('eval_answers as answer', 'answer.id', 'cell.answer_id')
    .innerJoin('eval_rows as row', (join) =>
      join.onRef('row.eval_id', '=', 'cell.eval_id').onRef('row.place', '=', 'cell.place'),
    )
    .select(['row.messages_json', 'answer.text'])
    .where('cell.eval_id', '=', evalId)
    .where('cell.column_index', '=', 0)
    .where('cell.state', '=', 'answered')
    .orderBy('cell.place')
    .execute()
