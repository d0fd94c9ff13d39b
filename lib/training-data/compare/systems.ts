import type { Rows } from './rows.ts'
import { RowTable, slotOf } from './table.ts'

/** For the first row of each system prompt, the number of rows with it; 0 for other rows. */
export function systemCounts(rows: Rows, which: (row: number) => boolean): Uint32Array {
  const counts = new Uint32Array(rows.count)
  const table = new RowTable(rows.count)
  for (let row = 0; row < rows.count; row++) {
    if (!which(row)) continue
    const hash = rows.system(row)
    const first = table.findOrAdd(slotOf(hash), row, (other) => rows.system(other) === hash)
    const owner = first < 0 ? row : first
    counts[owner] = (counts[owner] as number) + 1
  }
  return counts
}

/** Each system prompt's first line and number of rows, most frequent first. */
export function mostUsed(rows: Rows, limit: number): { line: number; count: number }[] {
  const counts = systemCounts(rows, rows.hasSystem)
  const most: { line: number; count: number }[] = []
  counts.forEach((count, row) => {
    if (count === 0 || (most.length === limit && count <= (most.at(-1)?.count ?? 0))) return
    most.push({ line: rows.line(row), count })
    most.sort((a, b) => b.count - a.count || a.line - b.line)
    most.length = Math.min(most.length, limit)
  })
  return most
}
