'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { SHIPPED_PRICES } from '#lib/providers/prices.ts'
import { clearPrice, pricesQuery, setPrice } from '#lib/providers/queries.ts'
import type { Price } from '#lib/providers/schema.ts'

/** What training costs; the prices that ship until the ones set here have come. */
export const usePrices = (): readonly Price[] => useQuery(pricesQuery()).data ?? SHIPPED_PRICES

/** Sets and forgets a price; whatever was worked out with the old one is worked out anew. */
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
