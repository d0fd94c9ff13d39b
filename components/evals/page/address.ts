import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSwitch, parseAsWhole } from '#components/ui/address-parsers.ts'
import { type EvalQuery, ROW_FILTERS, ROW_SORTS } from '#lib/evals/schema.ts'

/** Rows of one page of the grid. */
export const PAGE = 50

/** What the page shows. */
export const evalAddress = {
  sort: parseAsStringLiteral(ROW_SORTS).withDefault('position'),
  filter: parseAsStringLiteral(ROW_FILTERS).withDefault('all'),
  /** From 1. */
  page: parseAsWhole(1).withDefault(1),
  /** Key of the row that is open. */
  row: parseAsString,
  /** Columns whose answers stand beside each other; null is the first and the last. */
  left: parseAsWhole(),
  right: parseAsWhole(),
  diff: parseAsSwitch,
}

export type View = inferParserType<typeof evalAddress>

export type Change = (part: Partial<View>) => void

/** As the server is asked. */
export const askedFor = ({ sort, filter, page }: View): EvalQuery => ({
  ...{ sort, filter },
  ...{ offset: (page - 1) * PAGE, limit: PAGE },
})
