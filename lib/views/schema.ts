import { z } from 'zod'
import { newId } from '#lib/core/ids.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { LISTS, MOST_QUERY } from './address.ts'

/** Views of all lists together: a menu stays one that can be read. */
export const MOST_VIEWS = 100

const MOST_LETTERS = 80

const ViewName = z
  .string()
  .trim()
  .min(1, issue('views.nameMissing'))
  .max(MOST_LETTERS, issue('views.nameTooLong'))

/** `state=running&sort=loss`: without `?`, and without the page. */
const Query = z
  .string()
  .max(MOST_QUERY)
  .transform((text) => {
    const query = new URLSearchParams(text)
    query.delete('page')
    return query.toString()
  })

const ViewId = z.string().regex(/^view_[0-9A-Za-z]{24}$/)
export const newViewId = (): string => newId('view_')

export const SavedView = z.object({
  id: ViewId,
  list: z.enum(LISTS),
  name: z.string(),
  query: z.string(),
})
export type SavedView = z.infer<typeof SavedView>
export const SavedViews = z.array(SavedView)

export const ViewDraft = z.object({ list: z.enum(LISTS), name: ViewName, query: Query })
export type ViewDraft = z.infer<typeof ViewDraft>

/** What is left out stays as it is. */
export const ViewChange = z.object({ name: ViewName.optional(), query: Query.optional() })
export type ViewChange = z.infer<typeof ViewChange>
