import type { Grade } from './graders/schema.ts'
import type { ROW_FILTERS, ROW_SORTS, RowVerdict } from './schema.ts'
import { gradesIn } from './scoring.ts'
import type { CellFigures } from './store.ts'

/** A row's cells in the order of the columns, and what they say about each other. */
export interface Judged {
  place: number
  cells: CellFigures[]
  /** One for each cell; null for what does not count. */
  grades: (Grade[] | null)[]
  verdict: RowVerdict
  change: number | null
}

const meanOf = (grades: readonly Grade[]): number =>
  grades.reduce((sum, { score }) => sum + score, 0) / grades.length

function judged(place: number, cells: CellFigures[]): Judged {
  const grades = cells.map((cell) => (cell.state === 'answered' ? gradesIn(cell) : null))
  const [first, last] = [grades[0], grades.at(-1)]
  if (grades.length < 2 || !first || !last) return { place, cells, grades, verdict: null, change: null }
  const change = meanOf(last) - meanOf(first)
  const verdict = change < 0 ? 'worse' : change > 0 ? 'better' : 'same'
  return { place, cells, grades, verdict, change }
}

/** @param cells in the order of rows and columns */
export function judgedRows(cells: readonly CellFigures[]): Judged[] {
  const byPlace = Map.groupBy(cells, ({ place }) => place)
  return [...byPlace].map(([place, own]) => judged(place, own))
}

const isFailing = ({ grades }: Judged): boolean => grades.at(-1)?.some(({ passed }) => !passed) ?? false

const verdicts = (grades: readonly Grade[]): string => grades.map(({ passed }) => Number(passed)).join('')

const isDifferent = ({ grades }: Judged): boolean =>
  new Set(grades.flatMap((all) => (all ? verdicts(all) : []))).size > 1

const LETS_THROUGH: Record<(typeof ROW_FILTERS)[number], (row: Judged) => boolean> = {
  all: () => true,
  failing: isFailing,
  different: isDifferent,
}

/** Rows that a filter lets through; those that got worst first, or in their own order. What cannot be compared is last. */
export function inOrder(
  rows: readonly Judged[],
  sort: (typeof ROW_SORTS)[number],
  filter: (typeof ROW_FILTERS)[number],
): Judged[] {
  const shown = rows.filter(LETS_THROUGH[filter])
  if (sort === 'position') return shown
  const rank = ({ change }: Judged) => change ?? Number.POSITIVE_INFINITY
  return shown.toSorted((a, b) => (rank(a) === rank(b) ? a.place - b.place : rank(a) - rank(b)))
}
