import type { DatasetRow, RowDraft, Split } from '#lib/datasets/schema.ts'
import type { Rows } from './use-rows.ts'

/** The id of a row that is not stored yet. There is one at a time. */
export const NEW_ROW = 'new'

/** Where a new row will stand, and what it says before anything is typed. */
export interface Seat {
  /** The row before it; null in an empty dataset. */
  after: string | null
  /** Its place in the list of all rows, from 0, when `after` is not among the rows that are here. */
  place: number
  split: Split
  blank: string
}

/** What stores a new row. */
export const bodyOf = (line: string, { after, split }: Seat): RowDraft => ({
  line,
  split,
  after: after ?? undefined,
})

const asRow = (split: Split, text: string, place: number): DatasetRow => ({
  id: NEW_ROW,
  number: place + 1,
  split,
  revision: 0,
  kind: 'chat',
  text,
  tokens: 0,
  trainedTokens: 0,
  flag: null,
})

/**
 * Stored rows with the new one between them.
 * @param typed what it says by now
 */
export function withNewRow(rows: Rows, seat: Seat | null, typed = seat?.blank ?? ''): Rows {
  if (!seat) return rows
  const before = seat.after === null ? -1 : rows.placeOf(seat.after)
  const place = Math.min(before === -1 ? seat.place : before + 1, rows.total)
  const row = asRow(seat.split, typed, place)
  return {
    ...rows,
    total: rows.total + 1,
    at: (index) => (index === place ? row : rows.at(index < place ? index : index - 1)),
    placeOf: (id) => {
      const found = id === NEW_ROW ? place : rows.placeOf(id)
      return id !== NEW_ROW && found >= place ? found + 1 : found
    },
  }
}
