import { type inferParserType, parseAsString } from 'nuqs/server'
import { Place, RowFilter } from '#lib/datasets/schema.ts'

/** `row=3` or `row=row_…`, or `split=train&line=3`: the third line of the file that a job was given; and the list's filter. */
export const editorAddress = {
  q: parseAsString,
  rule: parseAsString,
  role: parseAsString,
  split: parseAsString,
  row: parseAsString,
  line: parseAsString,
}

type Address = inferParserType<typeof editorAddress>

/** Only what is set: an empty search is none. */
export const tidy = (filter: RowFilter): RowFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as RowFilter

/** A line of a job's file is a place, not a wish to see that split alone. */
export const filterOf = ({ q, rule, role, split, line }: Omit<Address, 'row'>): RowFilter => {
  if (Place.shape.line.parse(line ?? undefined) !== undefined) return {}
  const set = Object.entries({ q, rule, role, split }).filter(([, value]) => value)
  return RowFilter.safeParse(Object.fromEntries(set)).data ?? {}
}
