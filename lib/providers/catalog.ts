import { z } from 'zod'
import { client } from './client.ts'
import { kindOf } from './kind.ts'
import type { CatalogModel, ProviderId } from './schema.ts'
import { briefly } from './upstream.ts'

/** How long a list of models may take, in ms. */
const PATIENCE = 10_000

/** What we read of a model; everything beyond `id` is missing somewhere. */
const ServedModel = z.object({
  id: z.string().min(1).max(512),
  created: z.number().nullish().catch(null),
  shutdown_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .nullish()
    .catch(null),
})

/** What OpenAI lists beside its chat models. */
const NO_CHAT =
  /embedding|whisper|tts|transcribe|dall-e|image|audio|realtime|moderation|instruct|search|sora|codex|davinci|babbage/

/** OpenAI's last models that can be fine-tuned, themselves or a fine-tune of them. */
const OPENAI_TRAINABLE = /^(ft:)?(gpt-4o-2024-08-06|gpt-4o-mini-2024-07-18|gpt-4\.1-(mini-)?2025-04-14)(:|$)/

const speaks = (providerId: ProviderId, id: string) => providerId !== 'openai' || !NO_CHAT.test(id)

const trains = (providerId: ProviderId, id: string) =>
  providerId === 'openai' ? OPENAI_TRAINABLE.test(id) : kindOf(id) !== 'checkpoint'

/** @returns null for an entry that has no usable id or does not chat */
export function readModel(providerId: ProviderId, served: unknown): CatalogModel | null {
  const read = ServedModel.safeParse(served)
  if (!read.success || !speaks(providerId, read.data.id)) return null
  const { id, created, shutdown_date } = read.data
  return {
    providerId,
    id,
    kind: kindOf(id),
    trainable: trains(providerId, id),
    createdAt: created ? created * 1000 : null,
    shutdownDate: shutdown_date ?? null,
  }
}

/**
 * The models of one provider that one can ask, in its own order.
 * @throws APIError when the provider refuses or does not answer
 */
export async function catalogOf(providerId: ProviderId): Promise<CatalogModel[]> {
  const page = await client(providerId).models.list({ signal: briefly(undefined, PATIENCE) })
  return page.data.map((served) => readModel(providerId, served)).filter((model) => model !== null)
}
