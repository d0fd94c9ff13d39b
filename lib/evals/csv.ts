import { csvCell } from '#lib/core/csv.ts'
import { columnsIn, draftIn, rowViews } from './get.ts'
import { type PinnedColumn, samplingOf } from './plan.ts'
import type { Cell, EvalDraft, EvalRow } from './schema.ts'
import { placesShown } from './shown-rows-store.ts'
import { findEval } from './store.ts'

const COLUMNS = [
  'row',
  'key',
  'question',
  'expected',
  'column',
  'provider',
  'model',
  'few_shot',
  'state',
  'answer',
  'finish_reason',
  'passed',
  'not_graded',
  'prompt_tokens',
  'cached_tokens',
  'completion_tokens',
  'first_token_ms',
  'total_ms',
  'micro_dollars',
  'temperature',
  'seed',
]

/** Number of graders that could not grade the answer; null without an answer. */
const notGraded = ({ grades }: Cell): number | null =>
  grades?.filter(({ passed }) => passed === null).length ?? null

function lineOf(draft: EvalDraft, columns: readonly PinnedColumn[], row: EvalRow, cell: Cell): string {
  const column = columns[cell.column]
  const question = row.messages.findLast(({ role }) => role === 'user')?.text ?? ''
  const asked = [row.number, row.key, question, row.expected]
  const who = [column?.label ?? '', column?.providerId ?? '', column?.model ?? '', column?.fewShot ?? 0]
  const said = [cell.state, cell.text, cell.finishReason, cell.passed, notGraded(cell)]
  const took = [cell.promptTokens, cell.cachedTokens, cell.completionTokens, cell.firstTokenMs, cell.totalMs]
  const { temperature, seed } = column ? samplingOf(column, draft) : draft.sampling
  const scores = draft.graders.map((_, index) => cell.grades?.[index]?.score ?? null)
  return [...asked, ...who, ...said, ...took, cell.cost, temperature, seed, ...scores].map(csvCell).join(',')
}

/** Rows read at once. */
const PAGE = 100

/**
 * Every answer as CSV, one line per row and column, with each grader's score from 0 to 1 at its end; blank if it could
 * not grade the answer. Only one chunk of rows is in memory at a time.
 * @throws AppError not_found, before the first chunk
 */
export async function evalCsv(evalId: string): Promise<AsyncGenerator<string>> {
  const record = await findEval(evalId)
  return chunks(draftIn(record), columnsIn(record))
}

async function* chunks(draft: EvalDraft, columns: PinnedColumn[]): AsyncGenerator<string> {
  const evalId = draft.id
  yield `${[...COLUMNS, ...draft.graders.map(({ kind }, index) => `score_${index + 1}_${kind}`)].join(',')}\n`
  const all = { evalId, last: columns.length - 1, sort: 'position', filter: 'all' } as const
  for (let offset = 0; ; offset += PAGE) {
    const { places, total } = await placesShown({ ...all, offset, limit: PAGE })
    const rows = await rowViews(evalId, places)
    yield rows.flatMap((row) => row.cells.map((cell) => `${lineOf(draft, columns, row, cell)}\n`)).join('')
    if (offset + PAGE >= total) return
  }
}
