import { JOB_SORTS } from '#lib/jobs/schema.ts'

export type Sort = (typeof JOB_SORTS)[number]
export type FilterName = 'state' | 'model' | 'dataset' | 'provider'

/** What the list shows, as its address says it. */
export interface ListView extends Record<FilterName, readonly string[]> {
  q: string
  sort: Sort
  order: 'asc' | 'desc'
  /** From 1. */
  page: number
}

/** Letters that are searched for at most. */
const MOST_LETTERS = 200

/** What is to be shown instead, perhaps in view of what is asked for by then. */
export type Change = Partial<ListView> | ((now: ListView) => Partial<ListView>)

export const FILTERS: readonly FilterName[] = ['state', 'model', 'dataset', 'provider']

/** Words are read from A on, and so is a state; of numbers and days the greatest comes first. */
export const firstOrder = (sort: Sort): ListView['order'] =>
  ['name', 'state', 'loss', 'valid', 'cost'].includes(sort) ? 'asc' : 'desc'

export function readList(search: string): ListView {
  const query = new URLSearchParams(search)
  const many = (name: string) => query.get(name)?.split(',').filter(Boolean) ?? []
  const sort = JOB_SORTS.find((known) => known === query.get('sort')) ?? 'created'
  const order = query.get('order')
  const page = Number(query.get('page') ?? 1)
  return {
    q: (query.get('q') ?? '').slice(0, MOST_LETTERS),
    state: many('state'),
    model: many('model'),
    dataset: many('dataset'),
    provider: many('provider'),
    sort,
    order: order === 'asc' || order === 'desc' ? order : firstOrder(sort),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  }
}

/** The same as a query, without what goes without saying. */
export function writeList(view: ListView): string {
  const query = new URLSearchParams()
  if (view.q) query.set('q', view.q)
  for (const name of FILTERS) if (view[name].length > 0) query.set(name, view[name].join(','))
  if (view.sort !== 'created') query.set('sort', view.sort)
  if (view.order !== firstOrder(view.sort)) query.set('order', view.order)
  if (view.page > 1) query.set('page', String(view.page))
  return query.toString()
}

/** As the server is asked. */
export const askedFor = ({ q, sort, order, page, ...filters }: ListView) => ({
  ...(q ? { q } : {}),
  ...Object.fromEntries(
    FILTERS.flatMap((name) => (filters[name].length > 0 ? [[name, filters[name].join(',')]] : [])),
  ),
  ...{ sort, order, page },
})

/** A column once more is the other way round. */
export const sortedBy =
  (sort: Sort): Change =>
  (now) => ({
    sort,
    order: now.sort !== sort ? firstOrder(sort) : now.order === 'asc' ? 'desc' : 'asc',
  })

/** Nothing left out. */
export const NO_FILTER = { q: '', state: [], model: [], dataset: [], provider: [] }

export const isNarrowed = (view: ListView): boolean =>
  view.q !== '' || FILTERS.some((name) => view[name].length > 0)
