import { z } from 'zod'

/** One step as far as the provider told it. */
export const Point = z.object({
  step: z.number(),
  /** ms; when its event was made, null for what only the result file holds. */
  at: z.number().nullable(),
  trainLoss: z.number().nullable(),
  validLoss: z.number().nullable(),
  fullValidLoss: z.number().nullable(),
  /** Share of trained tokens guessed right, 0 to 1. */
  accuracy: z.number().nullable(),
  validAccuracy: z.number().nullable(),
  fullValidAccuracy: z.number().nullable(),
})
export type Point = z.infer<typeof Point>

/** One line of a curve: only what exists, in order of steps. Both arrays have one length. */
export const Line = z.object({
  step: z.array(z.number()),
  value: z.array(z.number()),
})
export type Line = z.infer<typeof Line>

/** A run's curve as a chart of a given width can show it. Everything is computed from all points, then sampled. */
export const Series = z.object({
  /** Steps asked for, inclusive; of the whole run where none were. */
  from: z.number(),
  to: z.number(),
  /** Points in that range before sampling, and whether any were left out. */
  count: z.number(),
  sampled: z.boolean(),
  trainLoss: Line,
  /** Debiased moving average of the training loss, with the weight asked for. */
  smooth: Line,
  validLoss: Line,
  fullValidLoss: Line,
  accuracy: Line,
  validAccuracy: Line,
  /** Training losses in the range that are exactly zero. */
  zeros: z.number(),
  /** 5th and 95th percentile of all losses in the range: what a scale may rest on. */
  typical: z.tuple([z.number(), z.number()]).nullable(),
  /** Of the whole run, on the whole validation file where it was measured. */
  best: z.object({ step: z.number(), value: z.number() }).nullable(),
  /** ms at which the clock stands at zero: the first step whose time is known. */
  began: z.number().nullable(),
  /** ms since then, at a few dozen steps: what lies between is interpolated. */
  clock: Line,
})
export type Series = z.infer<typeof Series>

export const SeriesQuery = z.object({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  /** Width of the plot in px: as many buckets at most. */
  width: z.coerce.number().int().min(50).max(4_000).default(800),
  /** Weight of the smoothing, 0 to 0.99. */
  smooth: z.coerce.number().min(0).max(0.99).default(0.6),
})
export type SeriesQuery = z.input<typeof SeriesQuery>

/** A row that a step was trained on. */
export const BatchRow = z.object({
  /** Example of the training file, from 1. */
  example: z.number(),
  loss: z.number().nullable(),
  /** The row's lasting id in our dataset, when it is known. */
  key: z.string().nullable(),
  /** The beginning of its last question and of its answer, when the data is here. */
  question: z.string().nullable(),
  answer: z.string().nullable(),
})
export type BatchRow = z.infer<typeof BatchRow>

/** What a step was trained on; `rows` null where its provider does not tell. */
export const StepRows = z.object({
  step: z.number(),
  epoch: z.number().nullable(),
  trainLoss: z.number().nullable(),
  rows: z.array(BatchRow).nullable(),
})
export type StepRows = z.infer<typeof StepRows>

/** What the numbers say about a run; words are the page's. The rules stand in lib/jobs/diagnosis.ts. */
export const Diagnosis = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['unknown', 'waiting', 'cancelled', 'noMetrics', 'failed']) }),
  /** From `step` on training losses are no numbers, `count` of them. */
  z.object({ kind: z.literal('notANumber'), step: z.number(), count: z.number() }),
  z.object({
    kind: z.enum(['memorised', 'risen', 'diverged', 'stuck', 'nothing', 'learning', 'learnt', 'unclear']),
    first: z.number(),
    last: z.number(),
    steps: z.number(),
    /** Of the last training losses, how many read as 0.00, and how many were looked at. */
    tail: z.object({ zeros: z.number(), of: z.number() }),
    /** Steps at the end, in a row, that read as 0.00. */
    zeros: z.number(),
    /** Training rows, where they are known. */
    rows: z.number().nullable(),
    validation: z
      .object({
        best: z.number(),
        last: z.number(),
        /** Of the best. */
        step: z.number(),
        epoch: z.number().nullable(),
        risen: z.boolean(),
      })
      .nullable(),
  }),
])
export type Diagnosis = z.infer<typeof Diagnosis>
