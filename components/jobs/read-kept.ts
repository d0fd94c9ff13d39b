import { z } from 'zod'
import { JobDraft } from '#lib/jobs/schema.ts'
import { Tuning } from '#lib/providers/trainers-schema.ts'

const number = z.union([z.literal('auto'), z.number()])

/** A draft is kept even if the input is not valid yet. */
const Typed = JobDraft.extend({
  model: z.string(),
  suffix: z.string(),
  seed: z.number().nullable(),
  patience: z.number().nullable().default(null),
  beta: z.number().nullable().default(null),
  tuning: Tuning.extend({
    maxLength: z.number().nullable(),
    devices: z.number().nullable().default(null),
  })
    .nullable()
    .default(null),
  learningRate: z.number().nullable().default(null),
  training: JobDraft.shape.training.extend({ datasetId: z.string() }),
  hyperparameters: z.object({ nEpochs: number, batchSize: number, learningRateMultiplier: number }),
})

const Kept = z.object({ origin: z.string(), draft: Typed })

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/**
 * Reads an unsent draft with its id: a request with that id may already have created a job.
 * @returns null if there is no draft, or the form now has other initial values
 */
export function readKept(text: string | null, origin: string): JobDraft | null {
  const { data } = Kept.safeParse(parsed(text))
  return data && (origin === '' || origin === data.origin) ? data.draft : null
}
