import 'server-only'
import type { Selectable } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { PriceKey } from './schema.ts'

export type PriceRecord = Selectable<StudioTables['prices']>
export type ChatPriceRecord = Selectable<StudioTables['chat_prices']>

/** Prices that the user has set, by provider and model. */
export const ownPrices = (): Promise<PriceRecord[]> =>
  studio().selectFrom('prices').selectAll().orderBy('provider_id').orderBy('model').execute()

/** Adds or replaces the price for the same models. */
export async function keepPrice(price: PriceRecord): Promise<void> {
  const { provider_id: _, model: __, ...said } = price
  await studio()
    .insertInto('prices')
    .values(price)
    .onConflict((conflict) => conflict.columns(['provider_id', 'model']).doUpdateSet(said))
    .execute()
}

export async function forgetPrice({ providerId, model }: PriceKey): Promise<void> {
  await studio()
    .deleteFrom('prices')
    .where('provider_id', '=', providerId)
    .where('model', '=', model)
    .execute()
}

export const ownChatPrices = (): Promise<ChatPriceRecord[]> =>
  studio().selectFrom('chat_prices').selectAll().orderBy('provider_id').orderBy('model').execute()

/** Like `keepPrice`, for answers. */
export async function keepChatPrice(price: ChatPriceRecord): Promise<void> {
  const { provider_id: _, model: __, ...said } = price
  await studio()
    .insertInto('chat_prices')
    .values(price)
    .onConflict((conflict) => conflict.columns(['provider_id', 'model']).doUpdateSet(said))
    .execute()
}

export async function forgetChatPrice({ providerId, model }: PriceKey): Promise<void> {
  await studio()
    .deleteFrom('chat_prices')
    .where('provider_id', '=', providerId)
    .where('model', '=', model)
    .execute()
}
