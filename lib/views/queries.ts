import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import { SavedView, type ViewChange, type ViewDraft } from './schema.ts'

const Views = z.array(SavedView)

/** The saved views of every list. */
export const viewsQuery = () =>
  queryOptions({
    queryKey: ['saved-views'],
    queryFn: ({ signal }) => ask(Views, '/api/views', { signal }),
    staleTime: 60_000,
  })

export const saveViewMutation = () =>
  replacingMutation(viewsQuery(), (body: ViewDraft) => ask(Views, '/api/views', { method: 'POST', body }))

export const changeViewMutation = () =>
  replacingMutation(viewsQuery(), ({ id, ...body }: ViewChange & { id: string }) =>
    ask(Views, `/api/views/${id}`, { method: 'PATCH', body }),
  )

export const deleteViewMutation = () =>
  replacingMutation(viewsQuery(), (id: string) => ask(Views, `/api/views/${id}`, { method: 'DELETE' }))
