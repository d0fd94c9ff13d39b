import { SHIPPED_PRICES } from './prices.ts'
import { type Price, type PriceDraft, type PriceKey, ProviderId } from './schema.ts'
import { forgetPrice, keepPrice, ownPrices, type PriceRecord } from './store.ts'

const asPrice = (row: PriceRecord): Price => ({
  providerId: ProviderId.parse(row.provider_id),
  model: row.model,
  perMillion: Number(row.per_million),
  asOf: row.as_of,
  source: row.source,
  own: true,
})

const isFor =
  ({ providerId, model }: PriceKey) =>
  (price: PriceKey): boolean =>
    price.providerId === providerId && price.model === model

/** The user's prices in place of the shipped ones for the same models, and after them the user's other prices. */
export function inPlaceOf<Found extends PriceKey>(shipped: readonly Found[], own: readonly Found[]): Found[] {
  const inPlace = shipped.map((price) => own.find(isFor(price)) ?? price)
  return [...inPlace, ...own.filter((price) => !inPlace.includes(price))]
}

/** Every known training price: the shipped ones, with those that the user has set in their place or added. */
export async function listPrices(): Promise<Price[]> {
  return inPlaceOf(SHIPPED_PRICES, (await ownPrices()).map(asPrice))
}

/** Sets what training these models costs. @returns all prices after the change */
export async function setPrice({
  providerId,
  model,
  perMillion,
  asOf,
  source,
}: PriceDraft): Promise<Price[]> {
  await keepPrice({ provider_id: providerId, model, per_million: perMillion, as_of: asOf, source })
  return listPrices()
}

/** Deletes a price that the user has set; a shipped one for the same models applies again. @returns all prices */
export async function clearPrice(key: PriceKey): Promise<Price[]> {
  await forgetPrice(key)
  return listPrices()
}
