import { SHIPPED_CHAT_PRICES } from './prices.ts'
import { type ChatPrice, type ChatPriceDraft, type PriceKey, ProviderId } from './schema.ts'
import { type ChatPriceRecord, forgetChatPrice, keepChatPrice, ownChatPrices } from './store.ts'
import { inPlaceOf } from './training-price-list.ts'

const asPrice = (row: ChatPriceRecord): ChatPrice => ({
  providerId: ProviderId.parse(row.provider_id),
  model: row.model,
  input: Number(row.input),
  cachedInput: row.cached_input === null ? null : Number(row.cached_input),
  output: Number(row.output),
  asOf: row.as_of,
  source: row.source,
  own: true,
})

/** Prices of answers: the shipped ones, with those that the user has set in their place or added. */
export async function listChatPrices(): Promise<ChatPrice[]> {
  return inPlaceOf(SHIPPED_CHAT_PRICES, (await ownChatPrices()).map(asPrice))
}

/** Sets what answers of these models cost. @returns all prices after the change */
export async function setChatPrice({
  providerId,
  cachedInput,
  asOf,
  ...said
}: ChatPriceDraft): Promise<ChatPrice[]> {
  await keepChatPrice({ ...said, provider_id: providerId, cached_input: cachedInput, as_of: asOf })
  return listChatPrices()
}

/** Deletes a price that the user has set; a shipped one for the same models applies again. @returns all prices */
export async function clearChatPrice(key: PriceKey): Promise<ChatPrice[]> {
  await forgetChatPrice(key)
  return listChatPrices()
}
