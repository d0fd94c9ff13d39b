import { z } from 'zod'
import { problem } from './problem.ts'

const orAuto = (number: z.ZodNumber) =>
  z
    .union([z.literal('auto'), number])
    .nullish()
    .transform((value) => (value === undefined || value === null || value === 'auto' ? null : value))

const Hyperparameters = z
  .object({
    n_epochs: orAuto(z.number().int().min(1).max(50)),
    batch_size: orAuto(z.number().int().min(1).max(256)),
    learning_rate_multiplier: orAuto(z.number().gt(0).max(1_000)),
  })
  .nullish()

const Metadata = z.record(z.string().max(64), z.string().max(512)).nullish()

/** Body of `POST /v1/fine_tuning/jobs`. Null hyperparameters mean "auto"; unknown keys are passed over. */
export const JobRequest = z.object({
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

/** @throws AppError for what the schema allows and this engine cannot do */
export function refuseUnsupported({ method, integrations, metadata }: JobRequest): void {
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
    throw problem('invalid', "Invalid 'metadata': at most 16 pairs are allowed.", { param: 'metadata' })
}

/** `method.supervised` speaks before the deprecated top-level field. */
export const hyperparametersOf = ({ method, hyperparameters }: JobRequest) =>
  method?.supervised?.hyperparameters ?? hyperparameters

/** The part of a model's name that the caller chooses: `[a-z0-9-]`, possibly empty. */
export const cleanSuffix = (suffix: string | null | undefined): string =>
  (suffix ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
