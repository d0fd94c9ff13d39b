import { z } from 'zod'
import { Column, PricePerMillion, Score } from './schema.ts'

/** One way to get answers: the base model alone, the base model with examples, the fine-tuned model. */
export const WorthLane = Column.omit({ label: true, sampling: true }).extend({
  kind: z.enum(['base', 'fewShot', 'tuned']),
  /** The column that it was measured on. */
  column: z.number(),
  /** Estimated, not asked: the tokens of another number of examples were added or subtracted. Has no quality. */
  scaled: z.boolean(),
  /** Means per call, as the provider counted them; null if it did not. */
  tokens: z.object({ prompt: z.number(), cached: z.number(), completion: z.number() }).nullable(),
  /** Calls that the means are based on. */
  n: z.number(),
  price: PricePerMillion.nullable(),
  /** Micro-dollars, may be a fraction; null when tokens or a price are unknown. */
  costPerCall: z.number().nullable(),
  /** Micro-dollars a day at the number of calls asked for. */
  costPerDay: z.number().nullable(),
  /** The evaluation's own score; null for a scaled lane. */
  score: Score.nullable(),
  medianMs: z.number().nullable(),
})
export type WorthLane = z.infer<typeof WorthLane>

/** How well the two answer: shares of passed answers, or mean scores, 0 to 1. */
export const Quality = z.object({
  before: z.number(),
  after: z.number(),
  mean: z.boolean(),
  /** Which answers better by a paired test; null when the difference may be chance. */
  better: z.enum(['before', 'after']).nullable(),
  p: z.number(),
})
export type Quality = z.infer<typeof Quality>

/**
 * `free`: neither training nor calls cost; `paid`: training cost nothing and every call saves; `after`: paid back after
 * `calls`; `never`: a call of the fine-tuned model costs as much or more; `buys`: it does, and the answers are better;
 * `unknown`: a sum is missing.
 */
export const BreakEven = z.object({
  verdict: z.enum(['free', 'paid', 'after', 'never', 'buys', 'unknown']),
  /** null when either was not asked or not graded. */
  quality: Quality.nullable(),
  /** Micro-dollars saved per call; negative if a call costs more. */
  saving: z.number().nullable(),
  calls: z.number().nullable(),
  days: z.number().nullable(),
})
export type BreakEven = z.infer<typeof BreakEven>

export const Worth = z.object({
  evalId: z.string(),
  jobId: z.string().nullable(),
  callsPerDay: z.number(),
  k: z.number(),
  /** Cost of training in micro-dollars, real or assumed; null when unknown. */
  training: z.number().nullable(),
  /** Tokens that the provider trained on; null if it did not report them. */
  trainedTokens: z.number().nullable(),
  lanes: z.array(WorthLane),
  /** The fine-tuned model against each of the others; null when that lane is missing. */
  againstBase: BreakEven.nullable(),
  againstFewShot: BreakEven.nullable(),
})
export type Worth = z.infer<typeof Worth>
