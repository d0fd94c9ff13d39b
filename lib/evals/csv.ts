import { csvCell } from '#lib/http/csv.ts'
import { getEval } from './get.ts'
import type { Cell, EvalPage, EvalRow } from './schema.ts'

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
]

/** Graders that could not grade the answer; nothing where there is none. */
const notGraded = ({ grades }: Cell): number | null =>
  grades?.filter(({ passed }) => passed === null).length ?? null

function lineOf({ columns }: EvalPage, row: EvalRow, cell: Cell): string {
  const column = columns[cell.column]
  const question = row.messages.findLast(({ role }) => role === 'user')?.text ?? ''
  const asked = [row.number, row.key, question, row.expected]
  const who = [column?.label ?? '', column?.providerId ?? '', column?.model ?? '', column?.fewShot ?? 0]
  const said = [cell.state, cell.text, cell.finishReason, cell.passed, notGraded(cell)]
  const took = [cell.promptTokens, cell.cachedTokens, cell.completionTokens, cell.firstTokenMs, cell.totalMs]
  const scores = columns[0]?.scores.map((_, index) => cell.grades?.[index]?.score ?? null) ?? []
  return [...asked, ...who, ...said, ...took, cell.cost, ...scores].map(csvCell).join(',')
}

/** Rows read at once. */
const PAGE = 200

/**
 * Every answer as CSV, a row of a column a line, with each grader's score from 0 to 1 at its end; blank where it
 * could not grade the answer.
 * @throws AppError not_found
 */
export async function evalCsv(evalId: string): Promise<string> {
  const lines: string[] = []
  for (let offset = 0; ; offset += PAGE) {
    const page = await getEval(evalId, { offset, limit: PAGE })
    if (offset === 0)
      lines.push(
        [...COLUMNS, ...page.graders.map(({ kind }, index) => `score_${index + 1}_${kind}`)].join(','),
      )
    for (const row of page.rows) for (const cell of row.cells) lines.push(lineOf(page, row, cell))
    if (offset + PAGE >= page.total) return `${lines.join('\n')}\n`
  }
}
