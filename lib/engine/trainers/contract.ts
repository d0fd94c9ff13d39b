/**
 * The contract `limerick.run/1` between the engine and a trainer that is a separate program: the engine writes a run
 * folder, the trainer appends lines to it. docs/trainers.md describes it for authors of other trainers.
 */
import { z } from 'zod'

export const CONTRACT = 'limerick.run/1'

/** `spec.json`: everything that decides the result. Nothing in it is a secret, and no path in it is a caller's text. */
export interface RunSpec {
  contract: typeof CONTRACT
  job: string
  /** Always 1: a run that is started again reads the same spec. */
  attempt: number
  /** A folder with full weights. `fingerprint`: SHA-256 of its weights. */
  base: { folder: string; name: string; revision: string | null; fingerprint: string | null }
  /** A PEFT adapter of that base, merged into it before the training. */
  start_adapter: { folder: string } | null
  method: 'supervised' | 'dpo'
  tuning: 'full' | 'lora'
  /** null with `full`. */
  lora: { r: number; alpha: number; dropout: number; targets: readonly string[] | 'all-linear' } | null
  /** null with `supervised`. */
  dpo: { beta: number } | null
  epochs: number
  /** Rows of one optimizer step, on all devices together. */
  batch_size: number
  micro_batch: 'auto' | number
  /** Absolute, at its peak. */
  learning_rate: number
  schedule: 'linear'
  warmup_ratio: number
  weight_decay: number
  /** Of the norm of all gradients. */
  clip: number
  /** In tokens. */
  max_length: number
  too_long: 'cut_end'
  template: { source: 'base'; kwargs: Record<string, unknown> }
  dtype: 'float32' | 'bf16'
  /** Of the frozen weights; only with `lora`, and on a GPU. */
  quantization: 'nf4' | null
  /** Indices among the GPUs that the process sees; none: the processor. */
  devices: readonly number[]
  distributed: 'auto'
  /** `patience`: whole validations in a row without a new best, after which it ends; null: it trains to its end. */
  evaluate: { every_epoch: boolean; steps: number | null; small_rows: number; patience: number | null }
  checkpoints: { every_epoch: boolean; keep: number }
  seed: number
  deterministic: boolean
}

const step = z.number().int().nonnegative()
const share = z.number().min(0)
const Rewards = z.object({
  chosen: z.number(),
  rejected: z.number(),
  accuracy: z.number(),
  margin: z.number(),
})

/** A name that is absent or null was not measured. */
const measured = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined)

const Metrics = z.object({
  trainLoss: z.number().nullable().default(null),
  trainAccuracy: z.number().nullable().default(null),
  validLoss: measured,
  validAccuracy: measured,
  fullValidLoss: measured,
  fullValidAccuracy: measured,
  trainRewards: Rewards.optional(),
  validRewards: Rewards.optional(),
  fullValidRewards: Rewards.optional(),
  gradNorm: z.number().nullable().default(null),
  learningRate: z.number().nullable().default(null),
})

const Text = z.string().max(4_000)

const line = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.object({
    v: z.literal(1),
    /** From 1, without a gap, also over a restart of the trainer. */
    seq: z.number().int().positive(),
    /** Seconds since 1970. */
    at: z.number(),
    kind: z.literal(kind),
    ...shape,
  })

/** A line of `events.jsonl`. The engine ignores unknown fields; an unknown kind fails the job. */
export const RunLine = z.discriminatedUnion('kind', [
  line('hello', {
    trainer: z.string(),
    versions: z.record(z.string(), z.string()).default({}),
    devices: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
  line('prepared', {
    rows: step,
    tokens: step,
    trained_tokens: step,
    truncated: z.array(z.object({ row: step, lost: step })).default([]),
    split: z.array(z.object({ row: step, into: step })).default([]),
    boundary: z.array(z.unknown()).default([]),
  }),
  /** In bytes. */
  line('memory', {
    estimate: z
      .union([z.number(), z.looseObject({ total: z.number() }).transform(({ total }) => total)])
      .nullish(),
    measured: z.number().nullish(),
    free: z.number().nullish(),
    micro_batch: z.number().int().nullish(),
    accumulation: z.number().int().nullish(),
    strategy: z.string().nullish(),
  }),
  line('started', { step, totalSteps: z.number().int().positive(), tokensPerEpoch: z.number() }),
  line('step', {
    step,
    totalSteps: z.number().int().positive(),
    epoch: z.number(),
    metrics: Metrics,
    rows: z.array(step),
    losses: z.array(z.number().nullable()).nullish(),
    seconds: share,
    validationSeconds: share.default(0),
  }),
  /** `folder` in the run folder; it is complete (see COMPLETE) when this is told. */
  line('checkpoint', {
    step,
    epoch: z.number(),
    folder: z.string().regex(/^checkpoint-\d+$/),
    metrics: Metrics,
  }),
  line('notice', { level: z.enum(['info', 'warn']), code: z.string(), message: Text }),
  /** `doing`: a clause such as "loading the model". */
  line('heartbeat', { doing: z.string().max(200).nullish() }),
  line('done', { step, trainedTokens: z.number().int().nonnegative() }),
  line('stopped', { step }),
  line('failed', { code: z.string().max(64), message: Text, suggest: Text.nullish() }),
  /** The same command, run again, goes on: after memory ran out it has a smaller micro-batch. */
  line('again', { code: z.string(), message: Text }),
])
export type RunLine = z.infer<typeof RunLine>

/** The last line of a run that ends in order. */
export const isLast = ({ kind }: Pick<RunLine, 'kind'>): boolean =>
  kind === 'done' || kind === 'stopped' || kind === 'failed' || kind === 'again'

/** EX_TEMPFAIL: as the line `again`, for an end that could not be told. */
export const AGAIN = 75

/** `COMPLETE` of a checkpoint: its other files when it was written. */
export const Complete = z.object({
  step,
  epoch: z.number(),
  files: z.record(z.string(), z.object({ bytes: z.number().int(), sha256: z.string() })),
})

/** `limerick.json` of a checkpoint, where there is one: what a chat template is to be called with. */
export const About = z.object({
  template_kwargs: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.boolean(), z.number(), z.string()]))
    .default({}),
})

/** `code` and `values` are for a translation; the message says the same in English. */
const DeviceProblem = z.object({
  code: z.string(),
  message: Text,
  values: z.record(z.string(), z.string()).default({}),
})

/** What a trainer's `probe` prints. */
export const TrainerFacts = z.looseObject({
  contract: z.literal(CONTRACT),
  trainer: z.string(),
  versions: z.record(z.string(), z.string()).default({}),
  devices: z
    .array(
      z.looseObject({
        index: z.number().int(),
        name: z.string(),
        uuid: z.string().nullish(),
        /** Bytes. */
        memory: z.number(),
        free: z.number().nullish(),
        /** CUDA's compute capability, as "8.6"; and the version of the driver. */
        capability: z.string().nullish(),
        driver: z.string().nullish(),
      }),
    )
    .default([]),
  bf16: z.boolean().default(false),
  /** Version that PyTorch was built for; null: for the processor only. */
  cuda: z.string().nullish(),
  /** Kinds of frozen weights besides plain ones, as "nf4". */
  quantization: z.array(z.string()).default([]),
  /** Names of Python packages that are not installed. */
  missing: z.array(z.string()).default([]),
  /** Why a device cannot be used, or not well. */
  problems: z.array(DeviceProblem).default([]),
})
export type TrainerFacts = z.infer<typeof TrainerFacts>
export type Device = TrainerFacts['devices'][number]
