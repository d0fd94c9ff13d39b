import type { DatasetRow, RowDraft, Split } from '#lib/datasets/schema.ts'
import { blankLine } from '#lib/training-data/edit.ts'
import type { Rows } from './use-rows.ts'

/** The id of a row that is not stored yet. There is at most one. */
export const NEW_ROW = 'new'

/** Position of a new row, and its initial text. */
export interface InsertPosition {
  /** Id of the row before it; null in an empty dataset. */
  after: string | null
  /** Index among all rows, from 0; used if `after` is not loaded. */
  place: number
  split: Split
  blank: string
}

/** The first row of an empty dataset. */
export const FIRST: InsertPosition = { after: null, place: 0, split: 'train', blank: blankLine(null) }

/** The request body that stores a new row. */
export const bodyOf = (line: string, { after, split }: InsertPosition): RowDraft => ({
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
  review: 'draft',
  tags: [],
  note: null,
})

/**
 * The stored rows with the new row inserted.
 * @param typed the current text of the new row
 */
export function withNewRow(rows: Rows, seat: InsertPosition | null, typed = seat?.blank ?? ''): Rows {
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
