import { z } from 'zod'
import { Price, ProviderId } from '#lib/providers/schema.ts'
import { Alternative, MAX_EPOCHS, Resolved } from '#lib/training-data/plan.ts'
import { Verdict } from '#lib/training-data/schema.ts'
import { Split } from './schema.ts'

/** Whom the rows of a split are judged for. */
export const VerdictQuery = z.object({
  providerId: ProviderId,
  model: z.string().max(512),
  split: Split.default('train'),
})
export type VerdictQuery = z.infer<typeof VerdictQuery>

/** Without `epochs` as many as the rule says; `model` is the one that the trade-off speaks of. */
export const EstimateQuery = z.object({
  epochs: z.coerce.number().int().min(1).max(MAX_EPOCHS).optional(),
  providerId: ProviderId.optional(),
  model: z.string().max(512).optional(),
})
export type EstimateQuery = z.infer<typeof EstimateQuery>

/** Why a destination does not take the rows, or not for long. */
export const Availability = z.object({
  ok: z.boolean(),
  /**
   * `silent`: the provider did not answer in time; `preference`: it learns from answers only; `closing`: from `date`
   * on it takes no new runs; `closed`: that day has come.
   */
  reason: z.enum(['silent', 'preference', 'closing', 'closed']).nullable(),
  /** YYYY-MM-DD */
  date: z.string().nullable(),
})
export type Availability = z.infer<typeof Availability>

/** What a run comes to in one place. Tokens are counted by OpenAI's encoding everywhere. */
export const RunCost = z.object({
  billedTokens: z.number(),
  /** null where nobody knows one. */
  price: Price.pick({ perMillion: true, asOf: true, source: true, own: true })
    .extend({ microDollars: z.number() })
    .nullable(),
  /** Of training alone; null where only the provider could tell. */
  seconds: z.number().nullable(),
})
export type RunCost = z.infer<typeof RunCost>

/** A model that the rows could be trained on, and what that comes to. */
export const Destination = RunCost.extend({
  providerId: ProviderId,
  providerName: z.string(),
  /** null when the provider did not say which models it has. */
  model: z.string().nullable(),
  epochs: z.number(),
  /** Whether `seconds` rests on runs of this computer, not on a figure that ships. */
  measured: z.boolean(),
  /** What the rows are to it; null when it did not say which models it has. */
  verdict: Verdict.nullable(),
  /** When the provider switches the model off, as it says, YYYY-MM-DD. */
  shutdownDate: z.string().nullable(),
  available: Availability,
})
export type Destination = z.infer<typeof Destination>

/** Fewer or more rows against fewer or more epochs. */
export const TradeOff = Alternative.extend({
  ...RunCost.shape,
})
export type TradeOff = z.infer<typeof TradeOff>

/** What training on the train split comes to. */
export const Estimate = z.object({
  /** The revision that it was worked out for. */
  revision: z.number(),
  examples: z.number(),
  tokensPerEpoch: z.number(),
  /** The part of them that the loss looks at. */
  trainedTokens: z.number(),
  /** Of the destination that was asked for, else the first: providers have rules of their own. */
  epochs: Resolved,
  destinations: z.array(Destination),
  /** For the destination that was asked for, else the first. */
  tradeOff: z.array(TradeOff),
})
export type Estimate = z.infer<typeof Estimate>
