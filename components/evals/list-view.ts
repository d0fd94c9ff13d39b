import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { naturalKey } from '#lib/core/natural-key.ts'
import { byKey } from '#lib/core/order.ts'
import { EvalState, type EvalSummary } from '#lib/evals/schema.ts'

const SORTS = ['data', 'score', 'when'] as const
export type Sort = (typeof SORTS)[number]

/** What the list of evaluations shows, in the page's address. */
export const listAddress = {
  q: parseAsString.withDefault(''),
  /** null: evaluations in any state. */
  state: parseAsStringLiteral(EvalState.options),
  sort: parseAsStringLiteral(SORTS).withDefault('when'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('desc'),
}

export type ListView = inferParserType<typeof listAddress>

export const NO_FILTER = { q: '', state: null }

type Order = Pick<ListView, 'sort' | 'order'>

/** The order after a press on a column's head: names begin with A, scores with the best, dates with the newest. */
export const sortedBy = (sort: Sort, now: Order): Order => {
  if (now.sort === sort) return { sort, order: now.order === 'asc' ? 'desc' : 'asc' }
  return { sort, order: sort === 'data' ? 'asc' : 'desc' }
}

/** The model with the highest share of passed answers; the first of equals. */
export const bestOf = (columns: EvalSummary['columns']): EvalSummary['columns'][number] | undefined =>
  columns.reduce<EvalSummary['columns'][number] | undefined>(
    (best, one) => ((one.share ?? -1) > (best?.share ?? -1) ? one : best),
    undefined,
  )

const keyOf: Record<Sort, (one: EvalSummary) => string | number | null> = {
  data: ({ datasetName }) => naturalKey(datasetName),
  score: ({ columns }) => bestOf(columns)?.share ?? null,
  when: ({ createdAt }) => createdAt,
}

/**
 * The evaluations in a state whose dataset or models have every word that is sought, in the order of the view. Those
 * without a score come last in both directions; among equals the newest comes first.
 */
export function shownIn(evals: readonly EvalSummary[], { q, state, sort, order }: ListView): EvalSummary[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ datasetName, columns }: EvalSummary) => {
    const text = [datasetName, ...columns.flatMap(({ label, model }) => [label, model])]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const inOrder = byKey(keyOf[sort], order === 'asc' ? 1 : -1)
  return evals
    .filter((one) => (state === null || one.state === state) && fits(one))
    .toSorted((a, b) => inOrder(a, b) || b.createdAt - a.createdAt)
}
