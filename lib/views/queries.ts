import { queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import type { ViewChange, ViewDraft } from './schema.ts'

const ask = asking(() => import('./schema.ts'))

/** The saved views of every list. */
export const viewsQuery = () =>
  queryOptions({
    queryKey: ['saved-views'],
    queryFn: ({ signal }) => ask(({ SavedViews }) => SavedViews, '/api/views', { signal }),
    staleTime: 60_000,
  })

export const saveViewMutation = () =>
  replacingMutation(viewsQuery(), (body: ViewDraft) =>
    ask(({ SavedViews }) => SavedViews, '/api/views', { method: 'POST', body }),
  )

export const changeViewMutation = () =>
  replacingMutation(viewsQuery(), ({ id, ...body }: ViewChange & { id: string }) =>
    ask(({ SavedViews }) => SavedViews, `/api/views/${id}`, { method: 'PATCH', body }),
  )

export const deleteViewMutation = () =>
  replacingMutation(viewsQuery(), (id: string) =>
    ask(({ SavedViews }) => SavedViews, `/api/views/${id}`, { method: 'DELETE' }),
  )
