import { mix32 } from '../hash.ts'
import { BINS } from '../minhash.ts'
import type { TellRow } from './comparison.ts'
import type { Rows } from './rows.ts'
import { RowTable, slotOf } from './table.ts'

/** Bins of 16 that must be equal: 13 is the first share above 0.8. */
export const LIKENESS = 13
/** Bands of three bins: two rows that are 80 % alike share a band in 97 of 100 cases. */
export const BANDS = 5
const BAND = 3

export const bandOf = (rows: Rows, row: number, band: number): number => {
  const at = band * BAND
  return mix32(
    rows.bin(row, at) | (rows.bin(row, at + 1) << 8) | (rows.bin(row, at + 2) << 16) | (band << 24),
  )
}

/** For every row an earlier near-duplicate (index + 1), or 0; training rows come first. */
function likeRows(rows: Rows): Uint32Array {
  const like = new Uint32Array(rows.count)
  for (let band = 0; band < BANDS; band++) {
    const table = new RowTable(rows.count)
    for (const split of ['train', 'heldout'] as const) {
      for (let row = 0; row < rows.count; row++) {
        if (like[row] !== 0 || rows.split(row) !== split || !rows.hasSketch(row)) continue
        const found = table.findOrAdd(bandOf(rows, row, band), row, (other) =>
          rows.isLike(other, row, BINS - LIKENESS),
        )
        if (found >= 0) like[row] = found + 1
      }
    }
  }
  return like
}

/** Whether another rule reports the pair: the same text, or the same question with another answer. */
const isReportedElsewhere = (rows: Rows, a: number, b: number): boolean =>
  rows.lineHash(a) === rows.lineHash(b) ||
  (rows.hasPrompt(a) &&
    rows.hasPrompt(b) &&
    rows.promptHash(a) === rows.promptHash(b) &&
    rows.system(a) === rows.system(b) &&
    rows.answer(a) !== rows.answer(b))

/** For every held-out row the training row with the same question (index + 1), or 0. */
function askedInTrain(rows: Rows): Uint32Array {
  const asked = new Uint32Array(rows.count)
  const table = new RowTable(rows.count)
  for (const split of ['train', 'heldout'] as const) {
    for (let row = 0; row < rows.count; row++) {
      if (rows.split(row) !== split || !rows.hasPrompt(row)) continue
      const hash = rows.promptHash(row)
      const isSame = (other: number) => rows.promptHash(other) === hash
      if (split === 'train') table.findOrAdd(slotOf(hash), row, isSame)
      else asked[row] = table.find(slotOf(hash), isSame) + 1
    }
  }
  return asked
}

/** Near-duplicates within a split, and held-out rows that leak into training. */
export function nearAndLeaking(rows: Rows, tell: TellRow): void {
  const like = likeRows(rows)
  const asked = askedInTrain(rows)
  for (let row = 0; row < rows.count; row++) {
    const near = (like[row] as number) - 1
    const same = (asked[row] as number) - 1
    const leaked = near >= 0 && rows.split(near) !== rows.split(row)
    if (same >= 0) tell(row, 'leak-into-heldout', { first: rows.line(same), how: 'prompt' })
    else if (leaked) tell(row, 'leak-into-heldout', { first: rows.line(near), how: 'near' })
    if (near >= 0 && !leaked && !isReportedElsewhere(rows, near, row)) {
      const percent = Math.round((rows.likeness(near, row) / 16) * 100)
      tell(row, 'near-duplicate', { first: rows.line(near), percent })
    }
  }
}
