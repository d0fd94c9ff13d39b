import { createParser, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSwitch, parseAsWhole, parseAsWords } from '#components/ui/address-parsers.ts'
import { JOB_SORTS } from '#lib/jobs/constants.ts'

export type Sort = (typeof JOB_SORTS)[number]
export type FilterName = 'state' | 'model' | 'dataset' | 'provider' | 'tag'

/** State of the list, as encoded in the URL. */
export interface ListView extends Record<FilterName, readonly string[]> {
  q: string
  /** Only the archived jobs. */
  archived: boolean
  sort: Sort
  order: 'asc' | 'desc'
  /** Starts at 1. */
  page: number
}

/** Maximum length of a search. */
const MOST_LETTERS = 200

/** A change of the view, or a function that computes it from the latest view. */
export type Change = Partial<ListView> | ((now: ListView) => Partial<ListView>)

export const FILTERS: readonly FilterName[] = ['state', 'model', 'dataset', 'provider', 'tag']

/** Default direction: names, statuses, losses and costs ascend; other numbers and dates descend. */
export const firstOrder = (sort: Sort): ListView['order'] =>
  ['name', 'state', 'loss', 'valid', 'cost'].includes(sort) ? 'asc' : 'desc'

export const listAddress = {
  q: createParser({ parse: (text) => text.slice(0, MOST_LETTERS), serialize: String }).withDefault(''),
  state: parseAsWords,
  model: parseAsWords,
  dataset: parseAsWords,
  provider: parseAsWords,
  tag: parseAsWords,
  archived: parseAsSwitch,
  sort: parseAsStringLiteral(JOB_SORTS).withDefault('created'),
  /** null for the default direction of the column. */
  order: parseAsStringLiteral(['asc', 'desc']),
  page: parseAsWhole(1).withDefault(1),
}

type Address = inferParserType<typeof listAddress>

export const viewOf = (address: Address): ListView => ({
  ...address,
  order: address.order ?? firstOrder(address.sort),
})

/** The URL parameters without default values. */
export const addressOf = (view: ListView): Address => ({
  ...view,
  order: view.order === firstOrder(view.sort) ? null : view.order,
})

const serialize = createSerializer(listAddress)

/** What the list shows, as in its address, from its first page on; empty for all of it in its usual order. */
export const queryOf = (view: ListView): string =>
  new URLSearchParams(serialize({ ...addressOf(view), page: null })).toString()

/** The query for the server. */
export const askedFor = ({ q, archived, sort, order, page, ...filters }: ListView) => ({
  ...(q ? { q } : {}),
  ...(archived ? { archived: 'true' } : {}),
  ...Object.fromEntries(
    FILTERS.flatMap((name) => (filters[name].length > 0 ? [[name, filters[name].join(',')]] : [])),
  ),
  ...{ sort, order, page },
})

/** Selecting the sorted column again reverses its direction. */
export const sortedBy =
  (sort: Sort): Change =>
  (now) => ({
    sort,
    order: now.sort !== sort ? firstOrder(sort) : now.order === 'asc' ? 'desc' : 'asc',
  })

export const NO_FILTER = { q: '', archived: false, state: [], model: [], dataset: [], provider: [], tag: [] }

export const isNarrowed = (view: ListView): boolean =>
  view.q !== '' || view.archived || FILTERS.some((name) => view[name].length > 0)
