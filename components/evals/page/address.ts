import { type EvalQuery, ROW_FILTERS, ROW_SORTS } from '#lib/evals/schema.ts'

/** Rows of one page of the grid. */
export const PAGE = 50

/** What the page shows, as its address says it. */
export interface View {
  sort: (typeof ROW_SORTS)[number]
  filter: (typeof ROW_FILTERS)[number]
  /** From 1. */
  page: number
  /** Key of the row that is open. */
  row: string | null
  /** Columns whose answers stand beside each other; null is the first and the last. */
  left: number | null
  right: number | null
  diff: boolean
}

const whole = (text: string | null, least: number): number | null => {
  const value = Number(text)
  return text !== null && Number.isInteger(value) && value >= least ? value : null
}

export function readView(search: string): View {
  const query = new URLSearchParams(search)
  return {
    sort: ROW_SORTS.find((known) => known === query.get('sort')) ?? 'position',
    filter: ROW_FILTERS.find((known) => known === query.get('filter')) ?? 'all',
    page: whole(query.get('page'), 1) ?? 1,
    row: query.get('row'),
    left: whole(query.get('left'), 0),
    right: whole(query.get('right'), 0),
    diff: query.get('diff') === '1',
  }
}

/** The same as a query, without what goes without saying. */
export function writeView(view: View): string {
  const query = new URLSearchParams()
  if (view.sort !== 'position') query.set('sort', view.sort)
  if (view.filter !== 'all') query.set('filter', view.filter)
  if (view.page > 1) query.set('page', String(view.page))
  if (view.row !== null) query.set('row', view.row)
  if (view.left !== null) query.set('left', String(view.left))
  if (view.right !== null) query.set('right', String(view.right))
  if (view.diff) query.set('diff', '1')
  return query.toString()
}

/** As the server is asked. */
export const askedFor = ({ sort, filter, page }: View): EvalQuery => ({
  ...{ sort, filter },
  ...{ offset: (page - 1) * PAGE, limit: PAGE },
})
