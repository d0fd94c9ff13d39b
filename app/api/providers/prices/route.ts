import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { Price, PriceDraft, PriceKey } from '#lib/providers/schema.ts'
import { clearPrice, listPrices, setPrice } from '#lib/providers/training-price-list.ts'

export const GET = route({ answer: z.array(Price) }, listPrices)

export const PUT = route({ body: PriceDraft, answer: z.array(Price) }, ({ body }) => setPrice(body))

export const DELETE = route({ query: PriceKey, answer: z.array(Price) }, ({ query }) => clearPrice(query))
