import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type {
  ChatPrice,
  ChatPriceDraft,
  Price,
  PriceDraft,
  PriceKey,
  ProviderWithHealth,
  Spending,
  SpendLimits,
} from './schema.ts'

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

/** What answers cost, as far as it is known. */
export const chatPricesQuery = () =>
  queryOptions({
    queryKey: ['chat-prices'],
    queryFn: ({ signal }) => ask<ChatPrice[]>('/api/providers/chat-prices', { signal }),
    staleTime: 60_000,
  })

export const setChatPrice = (body: ChatPriceDraft) =>
  ask<ChatPrice[]>('/api/providers/chat-prices', { method: 'PUT', body })

export const clearChatPrice = ({ providerId, model }: PriceKey) =>
  ask<ChatPrice[]>(`/api/providers/chat-prices?${new URLSearchParams({ providerId, model })}`, {
    method: 'DELETE',
  })

/** Limits and this month's sums, of every provider that can cost. */
export const spendingQuery = () =>
  queryOptions({
    queryKey: ['spending'],
    queryFn: ({ signal }) => ask<Spending[]>('/api/providers/spending', { signal }),
  })

export const setLimits = (body: SpendLimits) =>
  ask<Spending[]>('/api/providers/spending', { method: 'PUT', body })

/** Asks a provider again that was not to be asked at present. */
export const releaseHold = (providerId: string) =>
  ask<ProviderWithHealth[]>(`/api/providers/hold?${new URLSearchParams({ providerId })}`, {
    method: 'DELETE',
  })
