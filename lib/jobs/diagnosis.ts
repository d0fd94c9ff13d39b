import { type Diagnosis, isTerminal } from './schema.ts'

/** Steps at the end of a curve that tell whether the data is learnt by heart. */
export const TAIL = 16

/** What reads as 0.00 with two decimals. */
export const NOTHING = 0.005

/** A rise of the validation loss that shows with two decimals. */
const RISE = 0.01

/** Fewer steps than this say nothing about a direction. */
const FEW = 12

/** How much above its beginning the end of a run must lie to have come apart, and how near to have stood still. */
const APART = 1.5
const CLEAR = 0.1
const STILL = 0.03

/** What a verdict rests on; every number comes from all points of the run. */
export interface CurveFacts {
  /** First and last training loss, and the step of the last; null for a run without any. */
  train: { first: number; last: number; steps: number } | null
  /** Training losses there are. */
  count: number
  /** Of the last 16 training losses, how many read as 0.00, and how many there are. */
  tail: { zeros: number; of: number }
  /** Training losses at the end, in a row, that read as 0.00. */
  zeros: number
  /** Mean training loss of the first and of the last third of the steps. */
  thirds: [number, number] | null
  /** On the whole validation file where it was measured at all, else on batches of it; `step` is the best one's. */
  validation: { best: number; last: number; step: number } | null
}

interface RunFacts {
  status: string
  launch: string
  /** Training rows, where they are known. */
  rows: number | null
  stepsPerEpoch: number | null
}

/** null unless every epoch has the same number of steps. */
export function stepsPerEpoch(totalSteps: number | null, epochs: number | null): number | null {
  if (!totalSteps || !epochs) return null
  const steps = totalSteps / epochs
  return Number.isInteger(steps) ? steps : null
}

/** A loss that is almost nothing may double without saying anything. */
const apart = ([early, late]: [number, number]): boolean => late > early * APART && late - early >= CLEAR

/** The first verdict of the table whose condition holds. */
function verdict({ tail, thirds, validation, count }: CurveFacts, ended: boolean) {
  if (tail.of === TAIL && tail.zeros * 2 >= TAIL) return 'memorised'
  if (thirds && count >= FEW && apart(thirds)) return 'diverged'
  if (validation && validation.last - validation.best >= RISE) return 'risen'
  if (!ended) return 'learning'
  const still = thirds && Math.abs(thirds[1] - thirds[0]) < thirds[0] * STILL
  return still && count >= FEW && thirds[0] >= NOTHING ? 'stuck' : 'learnt'
}

/**
 * What the numbers say about a run, in the order of what matters most:
 *
 * | verdict | when |
 * |---|---|
 * | unknown | the answer to its creation was lost |
 * | failed, cancelled | its provider says so |
 * | waiting, noMetrics | no training loss yet; none although it has ended |
 * | memorised | at least half of the last 16 training losses read as 0.00 |
 * | diverged | the last third's mean loss is above 1.5 times the first third's, and by 0.1 or more (12 steps or more) |
 * | risen | validation is at least 0.01 above its best |
 * | learning | still under way |
 * | stuck | ended, and the last third's mean is within 3 % of the first third's (12 steps or more) |
 * | learnt | ended, none of the above |
 */
export function diagnose({ status, launch, rows, stepsPerEpoch }: RunFacts, curve: CurveFacts): Diagnosis {
  if (launch === 'unknown' || status === 'unknown') return { kind: 'unknown' }
  if (status === 'failed' || status === 'cancelled') return { kind: status }
  const ended = isTerminal(status)
  const { train, validation, zeros, tail } = curve
  if (!train) return { kind: ended ? 'noMetrics' : 'waiting' }
  return {
    kind: verdict(curve, ended),
    ...train,
    tail,
    zeros,
    rows,
    validation: validation && {
      ...validation,
      epoch: stepsPerEpoch && Math.ceil(validation.step / stepsPerEpoch),
      risen: validation.last - validation.best >= RISE,
    },
  }
}

/**
 * The epochs at which validation was best, when going on only made it worse. One epoch is no advice: validation that
 * never got better says that the examples differ, not that a single look at them is enough.
 */
export function betterEpochs(diagnosis: Diagnosis): number | null {
  const validation = 'validation' in diagnosis ? diagnosis.validation : null
  return validation?.risen && validation.epoch !== 1 ? validation.epoch : null
}
