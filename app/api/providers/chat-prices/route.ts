import { route } from '#lib/http/route.ts'
import { clearChatPrice, listChatPrices, setChatPrice } from '#lib/providers/chat-prices.ts'
import { ChatPriceDraft, PriceKey } from '#lib/providers/schema.ts'

export const GET = route({}, listChatPrices)

export const PUT = route({ body: ChatPriceDraft }, ({ body }) => setChatPrice(body))

export const DELETE = route({ query: PriceKey }, ({ query }) => clearChatPrice(query))
