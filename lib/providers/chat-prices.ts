import { SHIPPED_CHAT_PRICES } from './prices.ts'
import { type ChatPrice, type ChatPriceDraft, type PriceKey, ProviderId } from './schema.ts'
import { type ChatPriceRecord, forgetChatPrice, keepChatPrice, ownChatPrices } from './store.ts'
import { inPlaceOf } from './training-prices.ts'

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

/** What answers cost, as far as it is known: the shipped prices, or what was set here in their place and besides. */
export async function listChatPrices(): Promise<ChatPrice[]> {
  return inPlaceOf(SHIPPED_CHAT_PRICES, (await ownChatPrices()).map(asPrice))
}

/** Sets what answers of these models cost. @returns all prices as they then are */
export async function setChatPrice({
  providerId,
  cachedInput,
  asOf,
  ...said
}: ChatPriceDraft): Promise<ChatPrice[]> {
  await keepChatPrice({ ...said, provider_id: providerId, cached_input: cachedInput, as_of: asOf })
  return listChatPrices()
}

/** Forgets a price that was set here; a shipped one for the same models counts again. @returns all prices */
export async function clearChatPrice(key: PriceKey): Promise<ChatPrice[]> {
  await forgetChatPrice(key)
  return listChatPrices()
}
