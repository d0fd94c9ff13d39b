import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { ProviderWithHealth } from './schema.ts'

/** The providers and whether each answers. */
export const providersQuery = () =>
  queryOptions({
    queryKey: ['providers'],
    queryFn: ({ signal }) => ask<ProviderWithHealth[]>('/api/providers', { signal }),
  })

/** The same, asked anew: an answer of the last minute is not believed. */
export const checkProviders = () => ask<ProviderWithHealth[]>('/api/providers?fresh=true')

/** The bearer key of this installation's `/v1`; asked for only when a person wants to see it. */
export const askForKey = () => ask<{ key: string }>('/api/access/key')
