import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { azureAddress } from './azure-address.ts'
import { ADDRESSED_KINDS, PROVIDER_ID, SERVING_KINDS } from './kinds.ts'

export const ProviderKind = z.enum(['embedded', 'openai', ...ADDRESSED_KINDS])
export type ProviderKind = z.infer<typeof ProviderKind>

export const ProviderId = z.string().regex(PROVIDER_ID)
export type ProviderId = z.infer<typeof ProviderId>

/** What a provider can do, known or found out; the screens check this instead of the provider's id. */
export const Capabilities = z.object({
  train: z.boolean(),
  /** Trains on pairs of answers, one preferred. */
  preference: z.boolean(),
  events: z.boolean(),
  stepMetrics: z.boolean(),
  checkpoints: z.boolean(),
  chat: z.boolean(),
  deleteModels: z.boolean(),
  /** Gives a model's weights away as files. */
  exportModels: z.boolean(),
  /** Can end a job early and keep the result so far as a checkpoint. */
  stopKeeping: z.boolean(),
  /** Trains checkpoints further, as it does the results of jobs. */
  trainCheckpoints: z.boolean(),
  /** Can interrupt a job and take it up again. */
  pause: z.boolean(),
  /** Can end a job whose validation gets no better, with the best checkpoint as its model. */
  stopEarly: z.boolean(),
  /** Lets a job say what trains it, by which method, and how much of a row is read. */
  chooseTrainer: z.boolean(),
  /** Reports which rows a step was trained on, and the loss of each. */
  stepRows: z.boolean(),
  /** Takes a learning rate as it is, not as a multiple of the base model's own. */
  absoluteRate: z.boolean(),
  /** Its models answer only once they are deployed there, under the deployment's name. */
  deploys: z.boolean(),
  /** Ways to train among which a job chooses, in the provider's words; the first is the usual one. */
  tiers: z.array(z.string()),
  /** Last epochs whose checkpoints stay; 0: the provider does not say. */
  keptEpochs: z.number(),
  /** Its fine-tuning has OpenAI's paths and bodies, so that the code of a form works there as it is. */
  openaiJobs: z.boolean(),
  /** Counts the tokens of a streamed answer when asked to; others may refuse that question. */
  countsStreams: z.boolean(),
  /** Knows the longest length of an answer as `max_tokens` alone. */
  olderLimit: z.boolean(),
  /** Tells the probabilities of the tokens of an answer. */
  probabilities: z.boolean(),
  /** ms between two polls of a running job. */
  pollMs: z.number(),
})
export type Capabilities = z.infer<typeof Capabilities>

export const Health = Worded.extend({
  state: z.enum(['ok', 'bad']),
  /** The error's message, if any. */
  message: z.string().nullable(),
  /** ms the answer took. */
  ms: z.number().nullable(),
  checkedAt: z.number(),
})
export type Health = z.infer<typeof Health>

export const Provider = z.object({
  id: ProviderId,
  name: z.string(),
  /** As shown on screen: never holds a key. */
  address: z.string(),
  /** The last four characters; null without a key of the user. */
  keyEnd: z.string().nullable(),
  /** Added in the studio, so that it can be renamed and removed there. */
  own: z.boolean(),
  /** Names of deployments, by the model that each answers with. */
  deployments: z.record(z.string(), z.string()),
  capabilities: Capabilities,
})
export type Provider = z.infer<typeof Provider>

const Name = z.string().trim().min(1, issue('providers.nameMissing')).max(80, issue('providers.nameTooLong'))

const Key = z
  .string()
  .trim()
  .regex(/^([\x21-\x7e]{8,4096})?$/, issue('providers.keyForm'))

/** The studio shows the address and appends paths to it. */
const Address = z
  .url({ protocol: /^https?$/, error: issue('providers.addressForm') })
  .refine((address) => {
    const { username, password } = URL.parse(address) ?? {}
    return !username && !password && !/[?#]/.test(address)
  }, issue('providers.addressNotBare'))
  .transform((address) => address.replace(/\/+$/, ''))

/** What every provider at an address of its own is added with. */
const Addressed = z.object({
  name: Name,
  address: Address,
  /** Empty for a server that asks for none. */
  key: Key,
  /** The server may be on this computer or in the user's own network. */
  nearby: z.boolean(),
})

const NeededKey = Key.min(1, issue('providers.keyMissing'))

/** A provider that the user adds in the studio. */
export const Connection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('openai'), name: Name, key: NeededKey }),
  Addressed.extend({ kind: z.enum(['compatible', 'limerick', ...SERVING_KINDS]) }),
  Addressed.extend({ kind: z.enum(['nebius', 'together']), key: NeededKey }),
  Addressed.extend({
    kind: z.literal('fireworks'),
    key: NeededKey,
    address: Address.refine(
      (address) => /\/v1\/accounts\/[\w-]+$/.test(address),
      issue('providers.noAccount'),
    ),
  }),
  Addressed.extend({
    kind: z.literal('azure'),
    key: NeededKey,
    address: z
      .url({ protocol: /^https?$/, error: issue('providers.addressForm') })
      .refine((address) => azureAddress(address) !== null, issue('providers.azureAddress'))
      .transform((address) => azureAddress(address) ?? address),
  }),
])
export type Connection = z.infer<typeof Connection>

export const ConnectionName = z.object({ name: Name })

/** The name of the deployment that answers with a model; empty: none. */
export const DeploymentDraft = z.object({
  model: z.string().min(1).max(512),
  name: z.string().trim().max(512),
})
export type DeploymentDraft = z.infer<typeof DeploymentDraft>

export const OFFERED = ['files', 'jobs', 'events', 'checkpoints', 'metrics'] as const

/** What a compatible server offers of training; null where only a job could tell, or the server did not say. */
const Offers = z.record(z.enum(OFFERED), z.boolean().nullable())
export type Offers = z.infer<typeof Offers>

/** How a provider answered before it was added. */
export const ConnectionTest = Worded.extend({
  /** Null when it answered; else why it did not. */
  message: z.string().nullable(),
  /** Models it lists. */
  models: z.number().nullable(),
  /** ms the answer took. */
  ms: z.number(),
  /** null for a kind of provider that is known, and for one that did not answer. */
  offers: Offers.nullable(),
})
export type ConnectionTest = z.infer<typeof ConnectionTest>

/** Why a provider is not asked now: nothing is sent to it until `until`, or until the user says "check again". */
export const Backoff = z.object({
  reason: z.enum(['bad_key', 'forbidden', 'quota', 'rate_limited']),
  /** The provider's own words. */
  message: z.string(),
  /** ms; null: until the user asks again, or the key changes. */
  until: z.number().nullable(),
  since: z.number(),
})
export type Backoff = z.infer<typeof Backoff>

export const ProviderWithHealth = Provider.extend({ health: Health, hold: Backoff.nullable() })
export type ProviderWithHealth = z.infer<typeof ProviderWithHealth>

const TrainingMemory = z.object({ fixed: z.number(), perToken: z.number(), perTokenSquared: z.number() })

/**
 * What the built-in engine needs to train a model, in bytes, and what is free. Memory for a longest row of T tokens is
 * `fixed + perToken · T + perTokenSquared · T²`.
 */
export const TrainingNeeds = z.object({
  memory: TrainingMemory,
  /** On preference pairs, whose longest row is a prompt with its longer answer. */
  preferenceMemory: TrainingMemory,
  disk: z.number(),
  free: z.object({ memory: z.number(), disk: z.number() }),
})
export type TrainingNeeds = z.infer<typeof TrainingNeeds>

/** A model that can be asked or trained. */
export const CatalogModel = z.object({
  providerId: ProviderId,
  id: z.string(),
  kind: z.enum(['base', 'fine-tuned', 'checkpoint']),
  trainable: z.boolean(),
  createdAt: z.number().nullable(),
  /** YYYY-MM-DD as the provider gives it, or null. */
  shutdownDate: z.string().nullable(),
  /** Longest example that it trains on, in its own tokens; longer ones are cut. */
  context: z.number().nullable(),
  /** Of the weights with which the built-in engine answers; null at other providers. */
  bits: z.number().nullable(),
  /**
   * How fast the built-in engine trains it, in its own tokens; `measuredAt` in ms, null: not yet measured on this
   * computer. `tokensPerSecond` is null where no figure ships either.
   */
  training: z
    .object({
      tokensPerSecond: z.number().nullable(),
      measuredAt: z.number().nullable(),
      needs: TrainingNeeds.nullable(),
    })
    .nullable(),
})
export type CatalogModel = z.infer<typeof CatalogModel>

/** A folder of models that the built-in engine cannot use. */
export const UnusableFolder = z.object({
  name: z.string(),
  /** A clause in the engine's words, as "it lacks config.json". */
  reason: z.string(),
})
export type UnusableFolder = z.infer<typeof UnusableFolder>

const PricedModel = z.object({
  providerId: ProviderId,
  /** A model, or the beginning of several names; empty for all models of a provider. */
  model: z.string().trim().max(512),
})

/** What training costs. Published prices age, and the user may know a newer one. */
export const Price = PricedModel.extend({
  /** Micro-dollars per million trained tokens. */
  perMillion: z
    .number(issue('providers.priceNotNumber'))
    .int()
    .min(0, issue('providers.priceNegative'))
    .max(1e12, issue('providers.priceTooHigh')),
  /** When it was read, YYYY-MM-DD. */
  asOf: z.iso.date(issue('providers.dateForm')),
  source: z.string().trim().min(1, issue('providers.sourceMissing')).max(200),
  /** Set by the user, not shipped. */
  own: z.boolean(),
})
export type Price = z.infer<typeof Price>

export const PriceDraft = Price.omit({ own: true })
export type PriceDraft = z.infer<typeof PriceDraft>

export const PriceKey = PricedModel
export type PriceKey = z.infer<typeof PriceKey>

const MicroDollars = z
  .number(issue('providers.sumNotNumber'))
  .int()
  .min(0, issue('providers.sumNegative'))
  .max(1e12)

/** What answers of a model cost, in micro-dollars per million tokens. */
export const ChatPrice = PricedModel.extend({
  input: MicroDollars,
  /** For the cached part of a prompt; null if it costs the same. */
  cachedInput: MicroDollars.nullable(),
  output: MicroDollars,
  asOf: z.iso.date(issue('providers.dateForm')),
  source: z.string().trim().min(1, issue('providers.sourceMissing')).max(200),
  own: z.boolean(),
})
export type ChatPrice = z.infer<typeof ChatPrice>

export const ChatPriceDraft = ChatPrice.omit({ own: true })
export type ChatPriceDraft = z.infer<typeof ChatPriceDraft>

/** The user's limits. Micro-dollars; null: no limit. */
export const SpendLimits = z.object({
  providerId: ProviderId,
  /** Spending limit of a calendar month (UTC), for everything. */
  monthlyCap: MicroDollars.nullable(),
  /** A single reservation above this needs a confirmation. */
  confirmAbove: MicroDollars.nullable(),
})
export type SpendLimits = z.infer<typeof SpendLimits>

/** A provider's spending this month, in micro-dollars. */
export const Spending = SpendLimits.extend({
  spent: z.number(),
  /** Reservations of what is under way. */
  reserved: z.number(),
})
export type Spending = z.infer<typeof Spending>
