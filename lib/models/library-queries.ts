import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import type { DownloadChange, Library, SourceRef } from './library-schema.ts'

const ask = asking(() => import('./library-schema.ts'))

/** ms between two looks at a download that is under way. */
const WATCH = 1_000

const isUnderWay = (library: Library | undefined): boolean =>
  library?.downloads.some(({ state }) => state === 'downloading' || state === 'checking') ?? false

/** Asked again and again only while something is being downloaded. */
export const libraryQuery = () =>
  queryOptions({
    queryKey: ['library'],
    queryFn: ({ signal }) => ask(({ Library }) => Library, '/api/models/library', { signal }),
    staleTime: 5_000,
    refetchInterval: ({ state }) => isUnderWay(state.data) && WATCH,
  })

/** What a base model needs, before it is added. */
export const checkSourceMutation = () =>
  mutationOptions({
    mutationFn: (body: SourceRef) =>
      ask(({ ModelSource }) => ModelSource, '/api/models/library/check', { method: 'POST', body }),
  })

export const addModelMutation = () =>
  replacingMutation(libraryQuery(), (body: SourceRef) =>
    ask(({ Library }) => Library, '/api/models/library', { method: 'POST', body }),
  )

export const removeModelMutation = () =>
  replacingMutation(libraryQuery(), (name: string) =>
    ask(({ Library }) => Library, `/api/models/library/models/${encodeURIComponent(name)}`, {
      method: 'DELETE',
    }),
  )

const downloadAddress = (id: string) => `/api/models/library/downloads/${encodeURIComponent(id)}`

export const changeDownloadMutation = (id: string) =>
  replacingMutation(libraryQuery(), (body: DownloadChange) =>
    ask(({ Library }) => Library, downloadAddress(id), { method: 'POST', body }),
  )

export const cancelDownloadMutation = (id: string) =>
  replacingMutation(libraryQuery(), () =>
    ask(({ Library }) => Library, downloadAddress(id), { method: 'DELETE' }),
  )
