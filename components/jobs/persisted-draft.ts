import { z } from 'zod'
import { JobDraft } from '#lib/jobs/schema.ts'

/** Drafts of an older shape are not read: the name says which this is. */
export const SLOT = 'limerick.job-draft.2'

const number = z.union([z.literal('auto'), z.number()])

/** What was typed may not be right yet, and is kept all the same. */
const Typed = JobDraft.extend({
  model: z.string(),
  suffix: z.string(),
  seed: z.number().nullable(),
  training: JobDraft.shape.training.extend({ datasetId: z.string() }),
  hyperparameters: z.object({ nEpochs: number, batchSize: number, learningRateMultiplier: number }),
})

const Kept = z.object({ origin: z.string(), draft: Typed })

/** @param origin what the form was asked to begin with; empty when with nothing */
export const written = (origin: string, draft: JobDraft): string =>
  JSON.stringify({ origin, draft: { ...draft, confirmed: null } })

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/**
 * The draft that was left before, its id with it: what was sent under that id may have become a run.
 * @returns null where there is none, or the form was asked to begin with something else
 */
export function readKept(text: string | null, origin: string): JobDraft | null {
  const { data } = Kept.safeParse(parsed(text))
  return data && (origin === '' || origin === data.origin) ? data.draft : null
}
