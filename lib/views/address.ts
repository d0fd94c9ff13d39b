import type { SavedView } from './schema.ts'

/** The lists whose views can be saved; each is the page at `/` and its name. */
export const LISTS = ['jobs', 'datasets'] as const

export type ListName = (typeof LISTS)[number]

/** The address at which a list shows the view. */
export const addressOf = ({ list, query }: Pick<SavedView, 'list' | 'query'>): string =>
  query === '' ? `/${list}` : `/${list}?${query}`
