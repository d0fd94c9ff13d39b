'use client'
import { useQuery } from '@tanstack/react-query'
import { SHIPPED_PRICES } from '#lib/providers/prices.ts'
import { pricesQuery } from '#lib/providers/queries.ts'
import type { Price } from '#lib/providers/schema.ts'

/** Training prices; the shipped prices until the user's prices have loaded. */
export const usePrices = (): readonly Price[] => useQuery(pricesQuery()).data ?? SHIPPED_PRICES
