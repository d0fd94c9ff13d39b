import { z } from 'zod'

/** One step, with the values that the provider reported. */
export const Point = z.object({
  step: z.number(),
  /** ms; when its event was made, null for points of the result file only. */
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

/** One line of a curve: existing values only, in order of steps. Both arrays have one length. */
export const Line = z.object({
  step: z.array(z.number()),
  value: z.array(z.number()),
})
export type Line = z.infer<typeof Line>

/** A job's curve for a chart of a given width. Everything is computed from all points, then sampled. */
export const Series = z.object({
  /** Steps asked for, inclusive; of the whole job by default. */
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
  /** 5th and 95th percentile of all losses in the range, to scale the plot by. */
  typical: z.tuple([z.number(), z.number()]).nullable(),
  /** Of the whole job, on the whole validation file if it was measured. */
  best: z.object({ step: z.number(), value: z.number() }).nullable(),
  /** ms at which the clock is zero: the first step with a time. */
  began: z.number().nullable(),
  /** ms since then, at a few dozen steps; those between are interpolated. */
  clock: Line,
})
export type Series = z.infer<typeof Series>

export const SeriesQuery = z.object({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  /** Width of the plot in px, and the greatest number of buckets. */
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
  /** The row's lasting id in our dataset, if known. */
  key: z.string().nullable(),
  /** The beginning of its last question and of its answer, if the data is here. */
  question: z.string().nullable(),
  answer: z.string().nullable(),
})
export type BatchRow = z.infer<typeof BatchRow>

/** β times the log-ratio of the model in training and the one it started from. */
export const Rewards = z.object({
  chosen: z.number(),
  rejected: z.number(),
  /** 0 to 1. */
  accuracy: z.number(),
  margin: z.number(),
})
export type Rewards = z.infer<typeof Rewards>

/** What a step was trained on; `rows` is null when the provider does not report them. */
export const StepRows = z.object({
  step: z.number(),
  epoch: z.number().nullable(),
  trainLoss: z.number().nullable(),
  learningRate: z.number().nullable(),
  /** Norm of the gradients before they were clipped. */
  gradNorm: z.number().nullable(),
  /** Of training on preference pairs: means of the step's pairs, and the share of them that were ordered right. */
  rewards: Rewards.nullable(),
  rows: z.array(BatchRow).nullable(),
})
export type StepRows = z.infer<typeof StepRows>

/** What the numbers say about a job; the page words it. The rules are in lib/jobs/diagnosis.ts. */
export const Diagnosis = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['unknown', 'waiting', 'cancelled', 'noMetrics', 'failed']) }),
  /** From `step` on, `count` training losses are NaN or infinite. */
  z.object({ kind: z.literal('notANumber'), step: z.number(), count: z.number() }),
  z.object({
    kind: z.enum([
      'memorised',
      'risen',
      'diverged',
      'stuck',
      'nothing',
      'learning',
      'learnt',
      'unclear',
      'preferring',
      'trainingPairs',
    ]),
    first: z.number(),
    last: z.number(),
    steps: z.number(),
    /** How many of the last training losses read as 0.00, and how many there are. */
    tail: z.object({ zeros: z.number(), of: z.number() }),
    /** Steps at the end, in a row, that read as 0.00. */
    zeros: z.number(),
    /** Training rows, if known. */
    rows: z.number().nullable(),
    validation: z
      .object({
        best: z.number(),
        last: z.number(),
        /** Of the best value. */
        step: z.number(),
        epoch: z.number().nullable(),
        risen: z.boolean(),
      })
      .nullable(),
    /** Of training on preference pairs, on the held-out pairs, at the newest validation: in place of `validation`. */
    heldOutPairs: Rewards.pick({ accuracy: true, margin: true }).nullable(),
  }),
])
export type Diagnosis = z.infer<typeof Diagnosis>
