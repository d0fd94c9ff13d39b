import type { DatasetRowsTable } from '#lib/db/tables.ts'
import type { BulkChange, Review, RowChange } from './schema.ts'

/** What people have noted beside the text of a row, and its columns. */

type MarkColumns = Pick<DatasetRowsTable, 'review' | 'tags_json' | 'note'>

export const reviewOf = ({ review }: Pick<MarkColumns, 'review'>): Review =>
  (review as Review | null) ?? 'draft'

export const tagsOf = ({ tags_json }: Pick<MarkColumns, 'tags_json'>): string[] =>
  tags_json === null ? [] : JSON.parse(tags_json)

const reviewColumn = (review: Review): string | null => (review === 'draft' ? null : review)

const tagsColumn = (tags: readonly string[]): string | null =>
  tags.length === 0 ? null : JSON.stringify([...new Set(tags)])

/** The columns that a change of one row sets. */
export const marksIn = ({ review, tags, note }: RowChange): Partial<MarkColumns> => ({
  ...(review === undefined ? {} : { review: reviewColumn(review) }),
  ...(tags === undefined ? {} : { tags_json: tagsColumn(tags) }),
  ...(note === undefined ? {} : { note: note === '' ? null : note }),
})

/** The columns of a row after a change of many. */
export function marked(
  row: MarkColumns,
  { review, tag, untag }: Extract<BulkChange, { kind: 'mark' }>,
): MarkColumns {
  const kept = tagsOf(row).filter((known) => known !== untag)
  return {
    note: row.note,
    review: review === undefined ? row.review : reviewColumn(review),
    tags_json: tagsColumn(tag === undefined ? kept : [...kept, tag]),
  }
}
