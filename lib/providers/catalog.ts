import { z } from 'zod'
import { failure, logInternal } from '#lib/http/failure.ts'
import { capabilitiesOf } from './capabilities.ts'
import { briefly } from './fetch.ts'
import { providerKind } from './kinds.ts'
import { kindOf, openaiName } from './model-kind.ts'
import { endpoint } from './registry.ts'
import { askJson, MOST_PAGE } from './request.ts'
import { type CatalogModel, type ProviderId, type TrainingNeeds, UnusableFolder } from './schema.ts'

/** How long a list of models may take, in ms; and how long if the page can do without it. */
const PATIENCE = 10_000
const LITTLE_PATIENCE = 2_500

/** How long `catalogSoon` caches the list of a remote provider, in ms; also that there was none. */
const CACHED_FOR = 60_000

const ServedMemory = z
  .object({ fixed: z.number(), per_token: z.number(), per_token_squared: z.number() })
  .transform(({ fixed, per_token, per_token_squared }) => ({
    ...{ fixed, perToken: per_token, perTokenSquared: per_token_squared },
  }))

const ServedNeeds = z
  .object({
    memory: ServedMemory,
    preference_memory: ServedMemory,
    disk: z.number(),
    free: z.object({ memory: z.number(), disk: z.number() }),
  })
  .transform(
    ({ memory, preference_memory: preferenceMemory, disk, free }): TrainingNeeds => ({
      ...{ memory, preferenceMemory, disk, free },
    }),
  )

export const ServedTraining = z.looseObject({
  tokens_per_second: z.number().positive().nullable(),
  measured_at: z.number().nullish(),
})

/** The fields that are read of a model; everything but `id` is missing somewhere. */
const ServedModel = z.object({
  id: z.string().min(1).max(512),
  created: z.number().nullish().catch(null),
  shutdown_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .nullish()
    .catch(null),
  /** What the built-in engine and our adapters add. */
  limerick: z
    .object({
      kind: z.enum(['base', 'fine-tuned', 'checkpoint']).nullish().catch(null),
      trainable: z.boolean().nullish().catch(null),
      context: z.number().nullish().catch(null),
      decoding: z.object({ bits: z.number() }).nullish().catch(null),
      training: ServedTraining.nullish().catch(null),
    })
    .nullish()
    .catch(null),
})

const ServedModels = z.object({
  data: z.array(z.unknown()),
  /** Of the built-in engine alone. */
  limerick: z
    .object({ unusable: z.array(UnusableFolder) })
    .nullish()
    .catch(null),
})

/** Longest example that OpenAI and Azure train on: shorter than the context of the same models when they answer. */
const OPENAI_CONTEXTS: readonly [name: RegExp, tokens: number][] = [
  [/^(ft:)?gpt-(4o|4\.1)/, 65_536],
  [/^(ft:)?gpt-3\.5-turbo-0613/, 4_096],
  [/^(ft:)?gpt-3\.5-turbo/, 16_385],
]

/** @returns null for a model whose limit is not known */
function contextOf(providerId: ProviderId, id: string): number | null {
  if (!['openai', 'azure'].includes(providerKind(providerId))) return null
  return OPENAI_CONTEXTS.find(([name]) => name.test(openaiName(id)))?.[1] ?? null
}

/** What OpenAI lists besides its chat models. */
const NO_CHAT =
  /embedding|whisper|tts|transcribe|dall-e|image|audio|realtime|moderation|instruct|search|sora|codex|davinci|babbage/

/** OpenAI's last models that can be fine-tuned, directly or from a fine-tune of them. */
const OPENAI_TRAINABLE = /^(ft:)?(gpt-4o-2024-08-06|gpt-4o-mini-2024-07-18|gpt-4\.1-(mini-)?2025-04-14)(:|$)/

const isOpenAI = (providerId: ProviderId): boolean => providerKind(providerId) === 'openai'

const speaks = (providerId: ProviderId, id: string) => !isOpenAI(providerId) || !NO_CHAT.test(id)

export function trainingOf(
  told: z.infer<typeof ServedTraining> | null | undefined,
): CatalogModel['training'] {
  if (!told) return null
  const { tokens_per_second, measured_at } = told
  const needs = ServedNeeds.safeParse(told)
  return {
    tokensPerSecond: tokens_per_second,
    measuredAt: measured_at ?? null,
    needs: needs.success ? needs.data : null,
  }
}

function trains(providerId: ProviderId, { id, limerick }: z.infer<typeof ServedModel>): boolean {
  const { train, trainCheckpoints } = capabilitiesOf(providerId)
  if (!train || isOpenAI(providerId)) return train && OPENAI_TRAINABLE.test(id)
  return limerick?.trainable ?? (kindOf(id) !== 'checkpoint' || trainCheckpoints)
}

/** @returns null for an entry without a usable id and for a model that does not chat */
export function readModel(providerId: ProviderId, served: unknown): CatalogModel | null {
  const read = ServedModel.safeParse(served)
  if (!read.success || !speaks(providerId, read.data.id)) return null
  const { id, created, shutdown_date, limerick } = read.data
  const trainable = trains(providerId, read.data)
  return {
    providerId,
    id,
    kind: limerick?.kind ?? kindOf(id),
    trainable,
    createdAt: created ? created * 1000 : null,
    shutdownDate: shutdown_date ?? null,
    context: limerick?.context ?? (trainable ? contextOf(providerId, id) : null),
    bits: limerick?.decoding?.bits ?? null,
    training: providerId === 'embedded' ? trainingOf(limerick?.training) : null,
  }
}

/**
 * A model as its provider lists it. Our engine does not list checkpoints: one is like the base model that its name
 * begins with.
 */
export function modelIn(
  models: readonly CatalogModel[],
  providerId: ProviderId,
  id: string,
): CatalogModel | null {
  const named = (name: string | undefined) =>
    models.find((model) => model.id === name && model.providerId === providerId) ?? null
  if (named(id) || providerId !== 'embedded' || kindOf(id) !== 'checkpoint') return named(id)
  const base = named(id.split(':')[1])
  return base && { ...base, id, kind: 'checkpoint' }
}

interface Catalog {
  models: CatalogModel[]
  /** Folders that the built-in engine found and cannot use. */
  unusable: UnusableFolder[]
}

/**
 * The chat models of one provider, in its own order.
 * @throws APIError when the provider refuses or does not answer; AppError provider_refused for an answer that is no
 * list
 */
export async function catalogOf(providerId: ProviderId, patience = PATIENCE): Promise<Catalog> {
  const { data, limerick } = await askJson(providerId, 'models', ServedModels, {
    path: ['models'],
    most: MOST_PAGE,
    signal: briefly(undefined, patience),
  })
  const models = data.map((served) => readModel(providerId, served)).filter((model) => model !== null)
  return { models, unusable: (providerId === 'embedded' && limerick?.unusable) || [] }
}

const seen = new Map<string, { at: number; models: CatalogModel[] | null }>()

async function orNone(providerId: ProviderId): Promise<CatalogModel[] | null> {
  try {
    const { models } = await catalogOf(providerId, LITTLE_PATIENCE)
    return models
  } catch (thrown) {
    logInternal(failure(thrown))
    return null
  }
}

/**
 * Like `catalogOf`, for a page that must not hang: null when the provider does not answer at once.
 * @throws AppError not_found for a provider that is not configured
 */
export async function catalogSoon(providerId: ProviderId): Promise<CatalogModel[] | null> {
  if (providerId === 'embedded') return orNone(providerId)
  const { baseURL } = endpoint(providerId)
  // Two providers may have the same address and different keys.
  const name = `${providerId} ${baseURL}`
  const last = seen.get(name)
  if (last && Date.now() - last.at < CACHED_FOR) return last.models
  const models = await orNone(providerId)
  seen.set(name, { at: Date.now(), models })
  return models
}
