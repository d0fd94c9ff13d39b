import { z } from 'zod'
import { orNull } from '#lib/core/or-null.ts'
import { LauncherName, TrainerName, TuningMethod } from '#lib/providers/trainers-schema.ts'
import { endWord } from './end-words.ts'

/**
 * What providers really send, read tolerantly: statuses are any word, an error may be `{}`, `data` null, and our own
 * fields are under `limerick`. Other fields are dropped.
 */

const text = z.string().max(4_000)
/** Shown to the user: a long text is cut, never rejected. */
const shown = z.string().transform((said) => said.slice(0, 4_000))

const Hyperparameters = z.object({
  n_epochs: z.union([z.number(), text]).nullish().catch(null),
  batch_size: z.union([z.number(), text]).nullish().catch(null),
  learning_rate_multiplier: z.union([z.number(), text]).nullish().catch(null),
  learning_rate: z.union([z.number(), text]).nullish().catch(null),
  beta: z.union([z.number(), text]).nullish().catch(null),
})

const Method = orNull(z.object({ hyperparameters: orNull(Hyperparameters) }))

/** Seconds since 1970, within the range of a Date: in ms still a safe integer. */
const Seconds = z.number().min(0).max(8.64e12)

/** An invalid time must not hide the rest. */
const Timestamp = Seconds.catch(() => Math.floor(Date.now() / 1000))

const Ms = z.number().min(0).max(8.64e15)

/** Charts hold steps in 32 bits. */
const Step = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)

/** A count that fits an integer column. */
const Count = orNull(z.number().int().min(0).max(Number.MAX_SAFE_INTEGER))

/** Characters of what a provider said in its own words that are kept with a job. */
const MOST_RAW = 32_000

export const RemoteJob = z.object({
  id: z.string().min(1).max(128),
  status: text.transform(endWord),
  model: text,
  created_at: Timestamp,
  finished_at: orNull(Seconds),
  fine_tuned_model: orNull(text),
  trained_tokens: Count,
  training_file: orNull(text),
  validation_file: orNull(text),
  result_files: z.array(text).nullish().catch(null),
  estimated_finish: orNull(Seconds),
  seed: orNull(z.number()),
  hyperparameters: orNull(Hyperparameters),
  method: orNull(z.object({ supervised: Method, dpo: Method })),
  error: orNull(z.object({ code: orNull(text), message: orNull(shown), param: orNull(text) })),
  metadata: orNull(z.record(z.string(), z.string())),
  user_provided_suffix: orNull(text),
  suffix: orNull(text),
  limerick: orNull(
    z.object({
      status_times: orNull(z.record(z.string(), Ms)),
      step: orNull(Step),
      total_steps: orNull(Step),
      paused_ms: orNull(Ms),
      early_stopping: orNull(z.object({ patience: z.number().int().min(1) })),
      best: orNull(z.object({ step: Step, full_valid_loss: z.number() })),
      final_step: orNull(Step),
      trainer: orNull(TrainerName),
      launcher: orNull(LauncherName),
      method: orNull(TuningMethod),
      max_length: orNull(Step),
      run: orNull(
        z.object({
          versions: orNull(z.record(text, text)),
          devices: orNull(z.array(z.object({ name: text }))),
          memory: orNull(z.object({ estimate: orNull(z.number()), measured: orNull(z.number()) })),
          doing: orNull(text),
        }),
      ),
      provider_raw: z
        .unknown()
        .transform((raw) => (JSON.stringify(raw ?? null).length <= MOST_RAW ? (raw ?? null) : null))
        .optional(),
    }),
  ),
})
export type RemoteJob = z.infer<typeof RemoteJob>

/** Azure writes -1 for "not measured". */
const Metric = z
  .number()
  .transform((value) => (value === -1 ? null : value))
  .nullish()
  .catch(null)

/** A training loss after the arithmetic overflowed, bare in its JSON or as text. */
const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity)$/i

/** Whether an event's data has a training loss that is NaN or infinite; `null` and a missing one do not count. */
export const isNotANumber = (data: unknown): boolean =>
  typeof data === 'object' &&
  data !== null &&
  'train_loss' in data &&
  NOT_A_NUMBER.test(String(data.train_loss))

export const StepData = z.object({
  step: orNull(Step),
  total_steps: orNull(Step),
  train_loss: Metric,
  train_mean_token_accuracy: Metric,
  valid_loss: Metric,
  valid_mean_token_accuracy: Metric,
  full_valid_loss: Metric,
  full_valid_mean_token_accuracy: Metric,
})
export type StepData = z.infer<typeof StepData>

export const RemoteEvent = z.object({
  id: z.string().min(1).max(128),
  created_at: Timestamp,
  level: text.catch('info'),
  message: shown.catch(''),
  type: orNull(text),
  data: z.unknown().optional(),
})
export type RemoteEvent = z.infer<typeof RemoteEvent>

export const RemoteCheckpoint = z.object({
  id: z.string().min(1).max(128),
  created_at: Timestamp,
  step_number: Step,
  fine_tuned_model_checkpoint: text,
  metrics: StepData.catch({} as StepData),
})
export type RemoteCheckpoint = z.infer<typeof RemoteCheckpoint>

/** Any list: its entries are parsed one by one, so that an invalid one does not hide the others. */
export const RemoteList = z.object({
  data: z.array(z.unknown()).nullable(),
  has_more: orNull(z.boolean()),
})

export const RemoteFile = z.object({ status: orNull(text), status_details: orNull(shown) })

/** Left to the provider: OpenAI writes `auto`, Azure -1. */
const isAuto = (value: unknown): boolean => value === 'auto' || value === -1

const hyperOf = ({ hyperparameters, method }: RemoteJob) =>
  (method?.supervised ?? method?.dpo)?.hyperparameters ?? hyperparameters

/** Whether a job trains on preference pairs (DPO). */
export const isPreference = ({ method }: RemoteJob): boolean => method?.dpo != null && !method.supervised

/** Names of the hyperparameters that a job still leaves to its provider. */
export function automaticInRemote(remote: RemoteJob): string[] {
  const set = hyperOf(remote)
  const left = {
    nEpochs: set?.n_epochs,
    batchSize: set?.batch_size,
    learningRateMultiplier: set?.learning_rate_multiplier,
    learningRate: set?.learning_rate,
    beta: set?.beta,
  }
  return Object.entries(left).flatMap(([name, value]) => (isAuto(value) ? [name] : []))
}

/** The hyperparameters in force: newer jobs have them under their method, older ones only at the top. */
export function hyperparametersOf(remote: RemoteJob) {
  const set = hyperOf(remote)
  const number = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : null)
  return {
    nEpochs: number(set?.n_epochs),
    batchSize: number(set?.batch_size),
    learningRateMultiplier: number(set?.learning_rate_multiplier),
    learningRate: number(set?.learning_rate),
    beta: isPreference(remote) ? number(set?.beta) : null,
  }
}
