import { z } from 'zod'
import { MAX_BETA } from '#lib/training-data/plan.ts'
import { apiError, unsupported } from './api-error.ts'
import { SHORTEST } from './memory.ts'
import { Metadata, refuseManyPairs } from './metadata.ts'
import type { Objective } from './model/defaults.ts'

/** Rows of the largest batch: more devices have nothing to do. */
const MOST_DEVICES = 256

/** Longer than any model reads. */
const MOST_TOKENS = 2 ** 24

/** null: "auto"; undefined: not set in this object. */
const orAuto = (number: z.ZodNumber) =>
  z
    .union([z.literal('auto'), number])
    .nullish()
    .transform((value) => (value === 'auto' ? null : value))

const settings = {
  n_epochs: orAuto(z.number().int().min(1).max(50)),
  batch_size: orAuto(z.number().int().min(1).max(256)),
  learning_rate_multiplier: orAuto(z.number().gt(0).max(1_000)),
}

/** Strict: an ignored unknown name (`learning_rate`) would look as if it had an effect. */
const Hyperparameters = z.strictObject(settings).nullish()
const DpoHyperparameters = z
  .strictObject({ ...settings, beta: orAuto(z.number().gt(0).max(MAX_BETA)) })
  .nullish()

/** Body of `POST /v1/fine_tuning/jobs`. Null hyperparameters mean "auto"; unknown names are rejected below. */
export const JobRequest = z.looseObject({
  model: z.string().min(1),
  training_file: z.string().min(1),
  validation_file: z.string().min(1).nullish(),
  method: z
    .strictObject({
      type: z.enum(['supervised', 'dpo', 'reinforcement']),
      supervised: z.strictObject({ hyperparameters: Hyperparameters }).nullish(),
      dpo: z.strictObject({ hyperparameters: DpoHyperparameters }).nullish(),
      reinforcement: z.unknown().optional(),
    })
    .nullish(),
  hyperparameters: Hyperparameters,
  suffix: z.string().min(1).max(64).nullish(),
  seed: z.number().int().min(0).max(2_147_483_647).nullish(),
  metadata: Metadata,
  integrations: z.array(z.unknown()).max(5).nullish(),
  /**
   * Our extension. `trainer`: what trains; absent: the built-in one, or trl where there is a GPU. `launcher`: where trl
   * trains; absent: here. `devices`: GPUs; absent: all that are idle, on a cluster one. `method`: what is trained; absent: all weights of a small model, an adapter for a large one. `max_length`: tokens of a row, the rest is cut.
   * `early_stopping`: the end after so many full validations in a row without a new best. `weight_decay`: AdamW's.
   */
  limerick: z
    .strictObject({
      trainer: z.enum(['onnx', 'trl']).optional(),
      launcher: z.enum(['local', 'ray']).optional(),
      devices: z.number().int().min(1).max(MOST_DEVICES).nullish(),
      method: z.enum(['full', 'lora', 'qlora']).optional(),
      max_length: z.number().int().min(SHORTEST).max(MOST_TOKENS).nullish(),
      early_stopping: z.strictObject({ patience: z.number().int().min(1).max(50) }).nullish(),
      weight_decay: z.number().min(0).max(1).nullish(),
    })
    .nullish(),
})
export type JobRequest = z.infer<typeof JobRequest>

/** Names at the top level in older APIs or hand-written requests that change training. */
const MISPLACED = new Set([
  'n_epochs',
  'epochs',
  'batch_size',
  'learning_rate',
  'learning_rate_multiplier',
  'prompt_loss_weight',
  'beta',
])

/** Azure's fields, which say where to train and not how. */
const PASSED_OVER = ['trainingType', 'training_type']

const KNOWN = new Set([...Object.keys(JobRequest.shape), ...PASSED_OVER])

/** Otherwise a misspelt `hyperparameters` would silently train with automatic values. */
function refuseUnknown(request: JobRequest): void {
  const name = Object.keys(request).find((key) => !KNOWN.has(key) && (request[key] ?? null) !== null)
  if (name === undefined) return
  const instead = MISPLACED.has(name)
    ? "What changes the training goes into 'method.supervised.hyperparameters': n_epochs, batch_size, learning_rate_multiplier; of preference pairs into 'method.dpo.hyperparameters', with beta."
    : `A job takes ${Object.keys(JobRequest.shape).join(', ')}.`
  throw apiError('invalid', `Unknown parameter: '${name}'. ${instead}`, {
    code: 'unknown_parameter',
    param: name,
  })
}

function refuseOtherMethod({ method }: JobRequest): void {
  if (!method) return
  const { type } = method
  if (type === 'reinforcement')
    throw apiError(
      'invalid',
      `The built-in engine trains with the methods 'supervised' and 'dpo'; '${type}' is not available.`,
      { code: 'unsupported_method', param: 'method.type' },
    )
  const other = (['supervised', 'dpo', 'reinforcement'] as const).find(
    (name) => name !== type && (method[name] ?? null) !== null,
  )
  if (other) throw unsupported(`method.${other}`, `The method is '${type}': its settings go under that name.`)
}

/** @throws AppError for fields that the schema allows but this engine does not support */
export function refuseUnsupported(request: JobRequest): void {
  const { integrations, metadata, validation_file, limerick } = request
  refuseUnknown(request)
  refuseOtherMethod(request)
  if (integrations && integrations.length > 0)
    throw apiError('invalid', 'Integrations are not available: the built-in engine sends nothing anywhere.', {
      code: 'unsupported_integration',
      param: 'integrations',
    })
  if (limerick?.early_stopping && !validation_file)
    throw apiError(
      'invalid',
      "Missing required parameter: 'validation_file'. Early stopping watches the loss on it: name one, or leave limerick.early_stopping out.",
      { code: 'missing_required_parameter', param: 'validation_file' },
    )
  refuseManyPairs(metadata)
}

export const objectiveOf = ({ method }: JobRequest): Objective =>
  method?.type === 'dpo' ? 'dpo' : 'supervised'

/** Field by field, those of the method override the deprecated top-level object. null: "auto". */
export function hyperparametersOf({ method, hyperparameters }: JobRequest) {
  const [first, second] = [(method?.supervised ?? method?.dpo)?.hyperparameters, hyperparameters]
  const field = (name: keyof NonNullable<typeof second>) =>
    first?.[name] === undefined ? (second?.[name] ?? null) : first[name]
  return {
    n_epochs: field('n_epochs'),
    batch_size: field('batch_size'),
    learning_rate_multiplier: field('learning_rate_multiplier'),
    beta: method?.dpo?.hyperparameters?.beta ?? null,
  }
}

/** The caller's part of a model name: letters and digits of any script, and hyphens; may be empty. */
export const cleanSuffix = (suffix: string): string =>
  suffix
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
