'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { SHIPPED_PRICES } from '#lib/providers/prices.ts'
import { clearPrice, pricesQuery, setPrice } from '#lib/providers/queries.ts'
import type { Price } from '#lib/providers/schema.ts'

/** Training prices; the shipped prices until the user's prices have loaded. */
export const usePrices = (): readonly Price[] => useQuery(pricesQuery()).data ?? SHIPPED_PRICES

/** Sets or deletes a price, and refetches everything computed from the old one. */
export function usePriceChange(onDone: () => void) {
  const queries = useQueryClient()
  const onSuccess = (prices: Price[]) => {
    queries.setQueryData(pricesQuery().queryKey, prices)
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('estimate') })
    onDone()
  }
  return {
    set: useMutation({ mutationFn: setPrice, onSuccess }),
    clear: useMutation({ mutationFn: clearPrice, onSuccess }),
  }
}
