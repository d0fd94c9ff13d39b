import { z } from 'zod'
import { Hyperparameters, JobDraft } from './schema.ts'

/** Most jobs of one sweep. */
export const MOST_SWEPT = 9

const Values = z.array(z.number()).max(MOST_SWEPT)

/** One job for each combination of values; without values a setting stays as the draft has it. */
export const SweepDraft = z.object({ draft: JobDraft, epochs: Values, rates: Values })
export type SweepDraft = z.infer<typeof SweepDraft>

export interface SweepValues {
  epochs: readonly number[]
  /** Learning rate multipliers. */
  rates: readonly number[]
}

interface Combination {
  epochs: number | null
  rate: number | null
}

const orNone = (values: readonly number[]): (number | null)[] =>
  values.length === 0 ? [null] : [...new Set(values)]

/** Each combination once; a single one without values where nothing is varied. */
export const combinationsOf = ({ epochs, rates }: SweepValues): Combination[] =>
  orNone(epochs).flatMap((epoch) => orNone(rates).map((rate) => ({ epochs: epoch, rate })))

const MOST_LETTERS = 64

/** What a suffix may have in place of a point. */
const written = (value: number): string => String(value).replace('.', '-')

/** The draft with the values of a combination, which its suffix names. Its id stays that of the draft. */
export function combined(draft: JobDraft, { epochs, rate }: Combination): JobDraft {
  const names = [epochs === null ? '' : `e${written(epochs)}`, rate === null ? '' : `r${written(rate)}`]
  const name = names.filter(Boolean).join('-')
  const suffix = draft.suffix.slice(0, MOST_LETTERS - name.length - 1)
  return {
    ...draft,
    suffix: [suffix, name].filter(Boolean).join('-'),
    hyperparameters: {
      ...draft.hyperparameters,
      ...(epochs === null ? {} : { nEpochs: epochs }),
      ...(rate === null ? {} : { learningRateMultiplier: rate }),
    },
  }
}

/** Whether every value is one that a job may have. */
export const isValidSweep = ({ epochs, rates }: SweepValues): boolean =>
  epochs.every((value) => Hyperparameters.shape.nEpochs.safeParse(value).success) &&
  rates.every((value) => Hyperparameters.shape.learningRateMultiplier.safeParse(value).success)
