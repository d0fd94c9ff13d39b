import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import {
  ChatPrice,
  type ChatPriceDraft,
  Price,
  type PriceDraft,
  type PriceKey,
  ProviderWithHealth,
  Spending,
  type SpendLimits,
} from './schema.ts'

/** The providers and whether each answers. */
export const providersQuery = () =>
  queryOptions({
    queryKey: ['providers'],
    queryFn: ({ signal }) => ask(z.array(ProviderWithHealth), '/api/providers', { signal }),
  })

/** Like `providersQuery`, without the server's cache. */
export const checkProviders = () => ask(z.array(ProviderWithHealth), '/api/providers?fresh=true')

/** Known prices of training. */
export const pricesQuery = () =>
  queryOptions({
    queryKey: ['prices'],
    queryFn: ({ signal }) => ask(z.array(Price), '/api/providers/prices', { signal }),
    staleTime: 60_000,
  })

export const setPrice = (body: PriceDraft) =>
  ask(z.array(Price), '/api/providers/prices', { method: 'PUT', body })

export const clearPrice = ({ providerId, model }: PriceKey) =>
  ask(z.array(Price), `/api/providers/prices?${new URLSearchParams({ providerId, model })}`, {
    method: 'DELETE',
  })

/** Known prices of answers. */
export const chatPricesQuery = () =>
  queryOptions({
    queryKey: ['chat-prices'],
    queryFn: ({ signal }) => ask(z.array(ChatPrice), '/api/providers/chat-prices', { signal }),
    staleTime: 60_000,
  })

export const setChatPrice = (body: ChatPriceDraft) =>
  ask(z.array(ChatPrice), '/api/providers/chat-prices', { method: 'PUT', body })

export const clearChatPrice = ({ providerId, model }: PriceKey) =>
  ask(z.array(ChatPrice), `/api/providers/chat-prices?${new URLSearchParams({ providerId, model })}`, {
    method: 'DELETE',
  })

/** Limits and this month's sums of every provider that bills. */
export const spendingQuery = () =>
  queryOptions({
    queryKey: ['spending'],
    queryFn: ({ signal }) => ask(z.array(Spending), '/api/providers/spending', { signal }),
  })

export const setLimits = (body: SpendLimits) =>
  ask(z.array(Spending), '/api/providers/spending', { method: 'PUT', body })

/** Ends a provider's backoff and asks it again. */
export const releaseHold = (providerId: string) =>
  ask(z.array(ProviderWithHealth), `/api/providers/hold?${new URLSearchParams({ providerId })}`, {
    method: 'DELETE',
  })
