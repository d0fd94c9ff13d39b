import { type inferParserType, parseAsString } from 'nuqs/server'
import { Place, RowFilter } from '#lib/datasets/schema.ts'

/**
 * `row=3` or `row=row_…`, or `split=train&line=3`, the third line of a job's training file; and the filter of the list.
 */
export const editorAddress = {
  q: parseAsString,
  rule: parseAsString,
  role: parseAsString,
  split: parseAsString,
  review: parseAsString,
  tag: parseAsString,
  row: parseAsString,
  line: parseAsString,
}

type Address = inferParserType<typeof editorAddress>

/** Drops empty values: an empty search is no filter. */
export const tidy = (filter: RowFilter): RowFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as RowFilter

/** `split` together with `line` locates a row in a job's file; it does not filter the list. */
export const filterOf = ({ q, rule, role, split, review, tag, line }: Omit<Address, 'row'>): RowFilter => {
  if (Place.shape.line.parse(line ?? undefined) !== undefined) return {}
  const set = Object.entries({ q, rule, role, split, review, tag }).filter(([, value]) => value)
  return RowFilter.safeParse(Object.fromEntries(set)).data ?? {}
}
