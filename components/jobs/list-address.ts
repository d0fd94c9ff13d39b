import { createParser, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsWhole, parseAsWords } from '#components/ui/address-parsers.ts'
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

export const listAddress = {
  q: createParser({ parse: (text) => text.slice(0, MOST_LETTERS), serialize: String }).withDefault(''),
  state: parseAsWords,
  model: parseAsWords,
  dataset: parseAsWords,
  provider: parseAsWords,
  sort: parseAsStringLiteral(JOB_SORTS).withDefault('created'),
  /** Null where it is the first order of the sort. */
  order: parseAsStringLiteral(['asc', 'desc']),
  page: parseAsWhole(1).withDefault(1),
}

type Address = inferParserType<typeof listAddress>

export const viewOf = (address: Address): ListView => ({
  ...address,
  order: address.order ?? firstOrder(address.sort),
})

/** The same without what goes without saying. */
export const addressOf = (view: ListView): Address => ({
  ...view,
  order: view.order === firstOrder(view.sort) ? null : view.order,
})

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
