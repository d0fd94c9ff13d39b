import { MAX_EPOCHS } from '#lib/training-data/plan.ts'
import { MAX_MULTIPLIER } from './constants.ts'
import type { JobDraft } from './schema.ts'

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
  epochs.every((value) => Number.isInteger(value) && value >= 1 && value <= MAX_EPOCHS) &&
  rates.every((value) => value > 0 && value <= MAX_MULTIPLIER)
