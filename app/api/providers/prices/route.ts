import { route } from '#lib/http/route.ts'
import { PriceDraft, PriceKey } from '#lib/providers/schema.ts'
import { clearPrice, listPrices, setPrice } from '#lib/providers/training-prices.ts'

export const GET = route({}, listPrices)

export const PUT = route({ body: PriceDraft }, ({ body }) => setPrice(body))

export const DELETE = route({ query: PriceKey }, ({ query }) => clearPrice(query))
