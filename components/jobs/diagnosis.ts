import type { JobDetail, Point } from '#lib/jobs/schema.ts'
import { isTerminal } from '#lib/jobs/schema.ts'

/** Steps at the end of a curve that tell whether the data is learnt by heart. */
const TAIL = 16

/** What reads as 0.00 with two decimals. */
const NOTHING = 0.005

/** A rise of the validation loss that shows with two decimals. */
const RISE = 0.01

/** Where validation was best, and what has become of it since. Epochs are null where they are not known. */
export interface Validation {
  best: number
  last: number
  step: number
  epoch: number | null
  risen: boolean
}

export type Diagnosis =
  | { kind: 'unknown' | 'waiting' | 'cancelled' | 'noMetrics' | 'failed' }
  | { kind: 'memorised'; zeros: number; of: number; validation: Validation | null }
  | { kind: 'risen'; first: number; last: number; validation: Validation }
  | { kind: 'learning' | 'learnt'; first: number; last: number; steps: number; validation: Validation | null }

export type Facts = Pick<JobDetail, 'status' | 'launch' | 'points' | 'totalSteps' | 'hyperparameters'>

/** null unless every epoch has the same number of steps. */
export function stepsPerEpoch({ totalSteps, hyperparameters: { nEpochs } }: Facts): number | null {
  if (!totalSteps || !nEpochs) return null
  const steps = totalSteps / nEpochs
  return Number.isInteger(steps) ? steps : null
}

const losses = (points: readonly Point[], of: 'trainLoss' | 'validLoss' | 'fullValidLoss') =>
  points.flatMap(({ step, [of]: value }) => (value === null ? [] : [{ step, value }]))

/** On the whole validation file where it was measured, else on the batches of it. */
function validationOf(facts: Facts): Validation | null {
  const full = losses(facts.points, 'fullValidLoss')
  const measured = full.length > 0 ? full : losses(facts.points, 'validLoss')
  const last = measured.at(-1)
  if (!last) return null
  const best = measured.reduce((least, sample) => (sample.value < least.value ? sample : least), last)
  const perEpoch = stepsPerEpoch(facts)
  return {
    best: best.value,
    last: last.value,
    step: best.step,
    epoch: perEpoch && Math.ceil(best.step / perEpoch),
    risen: last.value - best.value >= RISE,
  }
}

/** What the numbers say about a run, in the order of what matters most. */
export function diagnose(facts: Facts): Diagnosis {
  const { status, launch, points } = facts
  if (launch === 'unknown' || status === 'unknown') return { kind: 'unknown' }
  if (status === 'failed' || status === 'cancelled') return { kind: status }
  const train = losses(points, 'trainLoss')
  const [first, last] = [train[0], train.at(-1)]
  if (!first || !last) return { kind: isTerminal(status) ? 'noMetrics' : 'waiting' }
  const validation = validationOf(facts)
  const tail = train.slice(-TAIL)
  const zeros = tail.filter(({ value }) => value < NOTHING).length
  if (tail.length === TAIL && zeros * 2 >= TAIL) return { kind: 'memorised', zeros, of: TAIL, validation }
  if (validation?.risen) return { kind: 'risen', first: first.value, last: last.value, validation }
  const kind = isTerminal(status) ? 'learnt' : 'learning'
  return { kind, first: first.value, last: last.value, steps: last.step, validation }
}

/**
 * The epochs at which validation was best, when going on only made it worse. One epoch is no advice: validation that
 * never got better says that the examples differ, not that a single look at them is enough.
 */
export function betterEpochs(diagnosis: Diagnosis): number | null {
  const validation = 'validation' in diagnosis ? diagnosis.validation : null
  return validation?.risen && validation.epoch !== 1 ? validation.epoch : null
}
