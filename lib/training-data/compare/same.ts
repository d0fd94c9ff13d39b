import type { Comparison } from './comparison.ts'
import { RowTable, slotOf } from './table.ts'

/** Rows of one split with the same text. */
export const duplicates: Comparison = (rows, tell) => {
  const seen = new RowTable(rows.count)
  for (let row = 0; row < rows.count; row++) {
    const hash = rows.lineHash(row)
    if (hash === 0) continue
    const isSame = (other: number) => rows.lineHash(other) === hash && rows.split(other) === rows.split(row)
    const first = seen.findOrAdd(slotOf(hash), row, isSame)
    if (first >= 0) tell(row, 'duplicate', { first: rows.line(first) })
  }
}

/** Rows of one split with the same question and different answers. */
export const twoAnswers: Comparison = (rows, tell) => {
  const seen = new RowTable(rows.count)
  for (let row = 0; row < rows.count; row++) {
    if (!rows.hasPrompt(row) || !rows.hasAnswer(row)) continue
    const hash = rows.promptHash(row)
    const isSame = (other: number) =>
      rows.hasPrompt(other) &&
      rows.promptHash(other) === hash &&
      rows.system(other) === rows.system(row) &&
      rows.split(other) === rows.split(row)
    const first = seen.findOrAdd(slotOf(hash), row, isSame)
    if (first >= 0 && rows.answer(first) !== rows.answer(row))
      tell(row, 'same-prompt-two-answers', { first: rows.line(first) })
  }
}
