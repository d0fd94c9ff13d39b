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

/** Mean of what each grader gives the last answer beyond the first; null when none has graded both. */
function changeOf(first: readonly Grade[], last: readonly Grade[]): number | null {
  const changes = last.flatMap(({ score }, index) => {
    const before = first[index]?.score ?? null
    return score === null || before === null ? [] : [score - before]
  })
  return changes.length === 0 ? null : changes.reduce((sum, change) => sum + change, 0) / changes.length
}

function verdictOf(change: number | null): RowVerdict {
  if (change === null) return null
  return change < 0 ? 'worse' : change > 0 ? 'better' : 'same'
}

function judged(place: number, cells: CellFigures[]): Judged {
  const grades = cells.map((cell) => (cell.state === 'answered' ? gradesIn(cell) : null))
  const [first, last] = [grades[0], grades.at(-1)]
  const change = grades.length > 1 && first && last ? changeOf(first, last) : null
  return { place, cells, grades, verdict: verdictOf(change), change }
}

/** @param cells in the order of rows and columns */
export function judgedRows(cells: readonly CellFigures[]): Judged[] {
  const byPlace = Map.groupBy(cells, ({ place }) => place)
  return [...byPlace].map(([place, own]) => judged(place, own))
}

const isFailing = ({ grades }: Judged): boolean =>
  grades.at(-1)?.some(({ passed }) => passed === false) ?? false

/** What a grader said of each column that it could grade. */
const verdictsBy = (grader: number, { grades }: Judged): Set<boolean> =>
  new Set(grades.flatMap((all) => all?.[grader]?.passed ?? []))

const isDifferent = (row: Judged): boolean =>
  row.grades.some((all) => all?.some((_, grader) => verdictsBy(grader, row).size > 1))

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
