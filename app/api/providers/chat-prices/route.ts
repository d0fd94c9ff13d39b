import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { clearChatPrice, listChatPrices, setChatPrice } from '#lib/providers/chat-price-list.ts'
import { ChatPrice, ChatPriceDraft, PriceKey } from '#lib/providers/schema.ts'

export const GET = route({ answer: z.array(ChatPrice) }, listChatPrices)

export const PUT = route({ body: ChatPriceDraft, answer: z.array(ChatPrice) }, ({ body }) =>
  setChatPrice(body),
)

export const DELETE = route({ query: PriceKey, answer: z.array(ChatPrice) }, ({ query }) =>
  clearChatPrice(query),
)
