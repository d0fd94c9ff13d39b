import { type Kysely, sql } from 'kysely'

/** A price of an OpenAI base held for its fine-tuned models too. They have prices under `ft:` now: each gets a copy. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`insert or ignore into chat_prices (provider_id, model, input, cached_input, output, as_of, source)
    select provider_id, 'ft:' || model, input, cached_input, output, as_of, source from chat_prices
    where provider_id = 'openai' and model <> '' and model not like 'ft:%'`.execute(db)
}
