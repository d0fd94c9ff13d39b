import { z } from 'zod'
import { MOST_SWEPT } from './constants.ts'
import { JobDraft } from './schema.ts'

const Values = z.array(z.number()).max(MOST_SWEPT)

/** One job for each combination of values; without values a setting stays as the draft has it. */
export const SweepDraft = z.object({ draft: JobDraft, epochs: Values, rates: Values })
export type SweepDraft = z.infer<typeof SweepDraft>
