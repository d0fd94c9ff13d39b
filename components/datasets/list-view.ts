import { createSerializer, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

const SORTS = ['name', 'rows', 'tokens', 'updated'] as const
export type Sort = (typeof SORTS)[number]

/** What the list of datasets shows, in the page's address. */
export const listAddress = {
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SORTS).withDefault('updated'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('desc'),
  archived: parseAsBoolean.withDefault(false),
}

export interface ListView {
  /** Words of the name. */
  q: string
  sort: Sort
  order: 'asc' | 'desc'
  archived: boolean
}

const serialize = createSerializer(listAddress)

/** What the list shows, as in its address; empty for all of it in its usual order. */
export const queryOf = (view: ListView): string => new URLSearchParams(serialize(view)).toString()

/** The view after a press on a column's head: names begin with A, figures with the largest. */
export const sortedBy = (
  sort: Sort,
  view: Pick<ListView, 'sort' | 'order'>,
): Pick<ListView, 'sort' | 'order'> => {
  if (view.sort === sort) return { sort, order: view.order === 'asc' ? 'desc' : 'asc' }
  return { sort, order: sort === 'name' ? 'asc' : 'desc' }
}

/** `run-2` comes before `run-10`. */
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const figureOf: Record<Exclude<Sort, 'name'>, (dataset: DatasetSummary) => number> = {
  rows: ({ train, heldout }) => train.examples + heldout.examples,
  tokens: ({ train }) => train.tokens,
  updated: ({ updatedAt }) => updatedAt,
}

function compare(sort: Sort, a: DatasetSummary, b: DatasetSummary): number {
  return sort === 'name' ? names.compare(a.name, b.name) : figureOf[sort](a) - figureOf[sort](b)
}

/** The datasets whose name has these words, in the order of the view; the last changed first among equals. */
export function shownIn(
  datasets: readonly DatasetSummary[],
  { q, sort, order, archived }: ListView,
): DatasetSummary[] {
  const sought = q.trim().toLocaleLowerCase()
  const sign = order === 'asc' ? 1 : -1
  return datasets
    .filter(({ archivedAt }) => archived || archivedAt === null)
    .filter(({ name }) => name.toLocaleLowerCase().includes(sought))
    .toSorted((a, b) => sign * compare(sort, a, b) || b.updatedAt - a.updatedAt)
}
