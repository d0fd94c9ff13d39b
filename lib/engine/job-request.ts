import { z } from 'zod'
import { problem } from './problem.ts'

/** null: "auto"; undefined: not said here. */
const orAuto = (number: z.ZodNumber) =>
  z
    .union([z.literal('auto'), number])
    .nullish()
    .transform((value) => (value === 'auto' ? null : value))

/** A name that is not known here (`learning_rate`) would otherwise be taken for one that was heeded. */
const Hyperparameters = z
  .strictObject({
    n_epochs: orAuto(z.number().int().min(1).max(50)),
    batch_size: orAuto(z.number().int().min(1).max(256)),
    learning_rate_multiplier: orAuto(z.number().gt(0).max(1_000)),
  })
  .nullish()

const Metadata = z.record(z.string().max(64), z.string().max(512)).nullish()

/** Body of `POST /v1/fine_tuning/jobs`. Null hyperparameters mean "auto"; what does not change the training is passed over. */
export const JobRequest = z.looseObject({
  model: z.string().min(1),
  training_file: z.string().min(1),
  validation_file: z.string().min(1).nullish(),
  method: z
    .object({
      type: z.enum(['supervised', 'dpo', 'reinforcement']),
      supervised: z.object({ hyperparameters: Hyperparameters }).nullish(),
    })
    .nullish(),
  hyperparameters: Hyperparameters,
  suffix: z.string().min(1).max(64).nullish(),
  seed: z.number().int().min(0).max(2_147_483_647).nullish(),
  metadata: Metadata,
  integrations: z.array(z.unknown()).max(5).nullish(),
  /** Ours: what is trained. Absent: all weights of a small model, an adapter of a large one. */
  limerick: z.object({ method: z.enum(['full', 'lora']).optional() }).nullish(),
})
export type JobRequest = z.infer<typeof JobRequest>

/** Names that stood at the top of a request in APIs before this one, or in code by hand, and change the training. */
const MISPLACED = [
  'n_epochs',
  'epochs',
  'batch_size',
  'learning_rate',
  'learning_rate_multiplier',
  'prompt_loss_weight',
]

function refuseMisplaced(request: JobRequest): void {
  const name = MISPLACED.find((known) => (request[known] ?? null) !== null)
  if (name === undefined) return
  throw problem(
    'invalid',
    `Unknown parameter: '${name}'. What changes the training goes into 'method.supervised.hyperparameters': n_epochs, batch_size, learning_rate_multiplier.`,
    { code: 'unknown_parameter', param: name },
  )
}

/** @throws AppError for what the schema allows and this engine cannot do */
export function refuseUnsupported(request: JobRequest): void {
  const { method, integrations, metadata } = request
  refuseMisplaced(request)
  if (method && method.type !== 'supervised')
    throw problem(
      'invalid',
      `The embedded engine trains with the 'supervised' method; '${method.type}' is not available.`,
      {
        code: 'unsupported_method',
        param: 'method.type',
      },
    )
  if (integrations && integrations.length > 0)
    throw problem('invalid', 'Integrations are not available: the embedded engine sends nothing anywhere.', {
      code: 'unsupported_integration',
      param: 'integrations',
    })
  if (metadata && Object.keys(metadata).length > 16)
    throw problem(
      'invalid',
      `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${Object.keys(metadata).length} properties instead.`,
      { code: 'object_above_max_properties', param: 'metadata' },
    )
}

/** Field by field, `method.supervised` speaks before the deprecated top-level object. null: "auto". */
export function hyperparametersOf({ method, hyperparameters }: JobRequest) {
  const [first, second] = [method?.supervised?.hyperparameters, hyperparameters]
  const field = (name: keyof NonNullable<typeof first>) =>
    first?.[name] === undefined ? (second?.[name] ?? null) : first[name]
  return {
    n_epochs: field('n_epochs'),
    batch_size: field('batch_size'),
    learning_rate_multiplier: field('learning_rate_multiplier'),
  }
}

/** The part of a model's name that the caller chooses: letters and digits of any script and hyphens, possibly none. */
export const cleanSuffix = (suffix: string): string =>
  suffix
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
