import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { Price, PriceDraft, PriceKey, ProviderWithHealth } from './schema.ts'

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

/** What training costs, as far as it is known. */
export const pricesQuery = () =>
  queryOptions({
    queryKey: ['prices'],
    queryFn: ({ signal }) => ask<Price[]>('/api/providers/prices', { signal }),
    staleTime: 60_000,
  })

export const setPrice = (body: PriceDraft) => ask<Price[]>('/api/providers/prices', { method: 'PUT', body })

export const clearPrice = ({ providerId, model }: PriceKey) =>
  ask<Price[]>(`/api/providers/prices?${new URLSearchParams({ providerId, model })}`, { method: 'DELETE' })
