import type { SavedView } from './schema.ts'

/**
 * The pages whose view can be saved, each at `/` and its name: of a list its filters, order and search, of the playground
 * its prompt and settings.
 */
export const LISTS = ['jobs', 'datasets', 'playground'] as const

export type ListName = (typeof LISTS)[number]

/** Characters of a query; a prompt of some pages fits. */
export const MOST_QUERY = 40_000

/** The address at which a page shows the view. */
export function addressOf({ id, list, query }: Pick<SavedView, 'id' | 'list' | 'query'>): string {
  if (list === 'playground') return `/${list}?preset=${id}` // a prompt is too long for an address
  return query === '' ? `/${list}` : `/${list}?${query}`
}
