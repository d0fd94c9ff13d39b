import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import { type DownloadChange, Library, ModelSource, type SourceRef } from './library-schema.ts'

/** ms between two looks at a download that is under way. */
const WATCH = 1_000

const isUnderWay = (library: Library | undefined): boolean =>
  library?.downloads.some(({ state }) => state === 'downloading' || state === 'checking') ?? false

/** Asked again and again only while something is being downloaded. */
export const libraryQuery = () =>
  queryOptions({
    queryKey: ['library'],
    queryFn: ({ signal }) => ask(Library, '/api/models/library', { signal }),
    staleTime: 5_000,
    refetchInterval: ({ state }) => isUnderWay(state.data) && WATCH,
  })

export const checkSource = (body: SourceRef) =>
  ask(ModelSource, '/api/models/library/check', { method: 'POST', body })

export const addModel = (body: SourceRef) => ask(Library, '/api/models/library', { method: 'POST', body })

export const removeAdded = (name: string) =>
  ask(Library, `/api/models/library/models/${encodeURIComponent(name)}`, { method: 'DELETE' })

const addressOf = (id: string) => `/api/models/library/downloads/${encodeURIComponent(id)}`

export const changeDownload = (id: string, body: DownloadChange) =>
  ask(Library, addressOf(id), { method: 'POST', body })

export const cancelDownload = (id: string) => ask(Library, addressOf(id), { method: 'DELETE' })
