import { z } from 'zod'
import { Price, ProviderId } from '#lib/providers/schema.ts'
import { LauncherName, TrainerName, TuningMethod } from '#lib/providers/trainers-schema.ts'
import { MAX_EPOCHS } from '#lib/training-data/plan.ts'
import { Alternative, Resolved } from '#lib/training-data/plan-schema.ts'
import { Verdict } from '#lib/training-data/schema.ts'
import { Split } from './schema.ts'

/** Id of a version whose rows are meant; default: the current ones. */
const OfVersion = z.string().max(64).optional()

/** A split and the model to check its rows for. */
export const VerdictQuery = z.object({
  providerId: ProviderId,
  model: z.string().max(512),
  split: Split.default('train'),
  version: OfVersion,
})
export type VerdictQuery = z.infer<typeof VerdictQuery>

/**
 * `epochs`: default by the rule of the provider; `model`: the model of the trade-off; `validation`: tokens that are
 * validated on, by default those of the held-out rows.
 */
export const EstimateQuery = z.object({
  epochs: z.coerce.number().int().min(1).max(MAX_EPOCHS).optional(),
  providerId: ProviderId.optional(),
  model: z.string().max(512).optional(),
  validation: z.coerce.number().int().min(0).optional(),
  /** At the built-in engine, of the requested model. */
  trainer: TrainerName.optional(),
  launcher: LauncherName.optional(),
  method: TuningMethod.optional(),
  maxLength: z.coerce.number().int().min(1).optional(),
  version: OfVersion,
})
export type EstimateQuery = z.infer<typeof EstimateQuery>

/** Whether a destination accepts the rows, and for how long. */
export const Availability = z.object({
  ok: z.boolean(),
  /**
   * `silent`: the provider did not answer in time; `preference`: it does not train on preference pairs; `memory` and
   * `disk`: this computer has too little; `closing`: from `date` on it accepts no new jobs; `closed`: that date has
   * passed.
   */
  reason: z.enum(['silent', 'preference', 'memory', 'disk', 'closing', 'closed']).nullable(),
  /** YYYY-MM-DD */
  date: z.string().nullable(),
})
export type Availability = z.infer<typeof Availability>

/** Cost of a job at one destination. Tokens are always counted by OpenAI's encoding. */
export const JobCost = z.object({
  billedTokens: z.number(),
  /** null: unknown. */
  price: Price.pick({ perMillion: true, asOf: true, source: true, own: true })
    .extend({ microDollars: z.number() })
    .nullable(),
  /** Of training, with its validations; null where only the provider could know. */
  seconds: z.number().nullable(),
})
export type JobCost = z.infer<typeof JobCost>

/** What training takes of this computer, in bytes. */
export const Needs = z.object({
  memory: z.number(),
  freeMemory: z.number(),
  disk: z.number(),
  freeDisk: z.number(),
  /** Longest row that fits into memory, in the model's tokens; 0 if none. */
  longestRow: z.number(),
})
export type Needs = z.infer<typeof Needs>

/** A model to train the rows on, and its cost. */
export const Destination = JobCost.extend({
  providerId: ProviderId,
  providerName: z.string(),
  /** null: the provider did not list its models. */
  model: z.string().nullable(),
  epochs: z.number(),
  /** Whether `seconds` is based on jobs of this computer, not on a shipped figure. */
  measured: z.boolean(),
  /** Whether the rows suit the model; null: the provider did not list its models. */
  verdict: Verdict.nullable(),
  /** null: at another provider. */
  needs: Needs.nullable(),
  /** Announced shutdown date of the model, YYYY-MM-DD. */
  shutdownDate: z.string().nullable(),
  available: Availability,
})
export type Destination = z.infer<typeof Destination>

/** Cost of another number of rows with the epochs that fit it. */
export const TradeOff = Alternative.extend({
  ...JobCost.shape,
})
export type TradeOff = z.infer<typeof TradeOff>

/** Cost of training on the train split. */
export const Estimate = z.object({
  /** The revision that the estimate is for. */
  revision: z.number(),
  examples: z.number(),
  tokensPerEpoch: z.number(),
  /** Trained tokens per epoch. */
  trainedTokens: z.number(),
  /** For the requested destination, else the first: each provider has its rule. */
  epochs: Resolved,
  destinations: z.array(Destination),
  /** For the requested destination, else the first. */
  tradeOff: z.array(TradeOff),
})
export type Estimate = z.infer<typeof Estimate>
