import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSwitch, parseAsWhole } from '#components/ui/address-parsers.ts'
import { ROW_FILTERS, ROW_SORTS } from '#lib/evals/constants.ts'
import type { EvalQuery } from '#lib/evals/schema.ts'

/** Rows per page of the grid. */
export const PAGE = 50

/** State of the page in the URL. */
export const evalAddress = {
  sort: parseAsStringLiteral(ROW_SORTS).withDefault('position'),
  filter: parseAsStringLiteral(ROW_FILTERS).withDefault('all'),
  /** Starts at 1. */
  page: parseAsWhole(1).withDefault(1),
  /** Key of the open row. */
  row: parseAsString,
  /** Columns whose answers are shown side by side; null means the first and the last. */
  left: parseAsWhole(),
  right: parseAsWhole(),
  diff: parseAsSwitch,
}

export type View = inferParserType<typeof evalAddress>

export type Change = (part: Partial<View>) => void

/** The query for the server. */
export const askedFor = ({ sort, filter, page }: View): EvalQuery => ({
  ...{ sort, filter },
  ...{ offset: (page - 1) * PAGE, limit: PAGE },
})
