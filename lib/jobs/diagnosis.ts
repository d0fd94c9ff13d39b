import { wilson } from '#lib/core/interval.ts'
import type { Diagnosis, Rewards } from './series-schema.ts'
import { isTerminal } from './status.ts'

/** Steps at the end of a curve that tell whether the data is memorised. */
export const TAIL = 16

/** What reads as 0.00 with two decimals. */
export const NOTHING = 0.005

/** A rise of the validation loss that shows with two decimals, and one that is more than noise: a share of the best. */
const RISE = 0.01
const NOISE = 0.05

/** Values of a quarter from which on its mean and its error mean something. */
const FEW_BATCHES = 3

/** Standard errors that two means must lie apart: 95 %. */
const STANDARD_ERRORS = 2

/** Fewer steps than this show no direction. */
const FEW = 12

/** How much the end of a job must lie above its beginning to count as diverged, and how near to count as stuck. */
const APART = 1.5
const CLEAR = 0.1
const STILL = 0.03

/** Share of held-out pairs in the right order that is more than chance, where their number is not known. */
const MOSTLY = 2 / 3

/** What a verdict is based on; every number comes from all points of the job. */
export interface CurveFacts {
  /** First and last training loss, and the step of the last; null without any. */
  train: { first: number; last: number; steps: number } | null
  /** Number of training losses, and the highest. */
  count: number
  most: number | null
  /** Training losses that are NaN or infinite: the first step, how many, and numbers above 0.00 after the last. */
  notANumber: { step: number; count: number; since: number } | null
  /** Of the last 16 training losses, how many read as 0.00, and how many there are. */
  tail: { zeros: number; of: number }
  /** Training losses at the end, in a row, that read as 0.00. */
  zeros: number
  /** Mean training loss of the first and of the last third of the steps. */
  thirds: [number, number] | null
  validation: ValidationFacts | null
}

/** Values of a quarter of the measured steps; `variance` is that of their mean: the standard error, squared. */
export interface Quarter {
  mean: number
  variance: number
  count: number
}

export interface ValidationFacts {
  best: number
  last: number
  /** Of the best value. */
  step: number
  /** Measured on the whole validation file; else on batches of it. */
  full: boolean
  /** Newest first. */
  lastTwo: number[]
  /** Only for batches; empty for the whole file. */
  quarters: Quarter[]
}

interface JobFacts {
  status: string
  launch: string
  /** Training rows, where they are known. */
  rows: number | null
  stepsPerEpoch: number | null
  /** null: not trained on preference pairs. */
  pairs: PairFacts | null
}

/** Of training on preference pairs (DPO). */
interface PairFacts {
  /** Held-out pairs, where they are known. */
  heldOut: number | null
  /** On all held-out pairs, at the newest validation; null without any. */
  rewards: Pick<Rewards, 'accuracy' | 'margin'> | null
}

/** null unless every epoch has the same number of steps. */
export function stepsPerEpoch(totalSteps: number | null, epochs: number | null): number | null {
  if (!totalSteps || !epochs) return null
  const steps = totalSteps / epochs
  return Number.isInteger(steps) ? steps : null
}

/** A loss near zero may double without meaning anything. */
const apart = ([early, late]: [number, number]): boolean => late > early * APART && late - early >= CLEAR

const isAbove = (value: number, best: number): boolean => value - best >= Math.max(RISE, best * NOISE)

/** A batch is a few rows: the mean of the last quarter must lie above an earlier one's by more than both vary. */
function batchesRose(quarters: readonly Quarter[]): boolean {
  if (quarters.length < 4 || quarters.some(({ count }) => count < FEW_BATCHES)) return false
  const [least, last] = [quarters.slice(0, -1).reduce((a, b) => (b.mean < a.mean ? b : a)), quarters.at(-1)]
  if (!last) return false
  const noise = STANDARD_ERRORS * Math.sqrt(least.variance + last.variance)
  return isAbove(last.mean, least.mean) && last.mean - least.mean > noise
}

/** Whether validation has risen beyond noise: on the whole file, two measurements in a row. */
const hasRisen = ({ full, best, lastTwo, quarters }: ValidationFacts): boolean =>
  full ? lastTwo.length === 2 && lastTwo.every((value) => isAbove(value, best)) : batchesRose(quarters)

const hasDiverged = ({ thirds, count }: CurveFacts): boolean =>
  thirds !== null && count >= FEW && apart(thirds)

/** The first verdict of `diagnose`'s table whose condition holds. */
function verdict(curve: CurveFacts, ended: boolean) {
  const { tail, validation, most } = curve
  if (most !== null && most < NOTHING) return ended ? 'nothing' : 'learning'
  if (tail.of === TAIL && tail.zeros * 2 >= TAIL) return 'memorised'
  if (hasDiverged(curve)) return 'diverged'
  if (validation && hasRisen(validation)) return 'risen'
  return ended ? trend(curve) : 'learning'
}

/** Whether held-out pairs are in the right order, more often than by chance. */
function areInOrder({ accuracy, margin }: NonNullable<PairFacts['rewards']>, pairs: number | null): boolean {
  const isMore = pairs ? wilson(Math.round(accuracy * pairs), pairs).low > 1 / 2 : accuracy >= MOSTLY
  return margin > 0 && isMore
}

/**
 * The verdict on preference pairs. Their loss says only how far apart a pair's answers are: at 0.00 the training pairs
 * are told apart for certain, which is no fault. What counts are pairs that were not trained.
 */
function verdictOnPairs(curve: CurveFacts, { rewards, heldOut }: PairFacts, ended: boolean) {
  if (hasDiverged(curve)) return 'diverged'
  if (!ended) return 'learning'
  if (rewards && areInOrder(rewards, heldOut)) return 'preferring'
  const way = trend(curve)
  return rewards && way === 'learnt' ? 'trainingPairs' : way
}

/** Where the training loss of a job went that has ended. */
function trend({ thirds, count }: CurveFacts) {
  if (!thirds) return 'unclear'
  const [early, late] = thirds
  if (early < NOTHING) return 'learnt'
  if (count < FEW) return late * APART < early ? 'learnt' : 'unclear'
  if (Math.abs(late - early) < early * STILL) return 'stuck'
  return late < early || late < CLEAR ? 'learnt' : 'unclear'
}

/**
 * What the numbers say about a job: the first verdict whose condition holds.
 *
 * | verdict | when |
 * |---|---|
 * | unknown | the answer to the creation was lost |
 * | failed, cancelled | the provider says so |
 * | notANumber | a training loss is NaN or infinite, and fewer than 12 losses above 0.00 came after the last such |
 * | waiting, noMetrics | no training loss yet; none although the job has ended |
 * | nothing | ended, and every training loss reads as 0.00: no token was trained |
 * | memorised | at least half of the last 16 training losses read as 0.00 |
 * | diverged | the last third's mean loss is above 1.5 times the first third's, and by 0.1 or more (12 steps or more) |
 * | risen | validation on the whole file is 5 % (and 0.01) above its best, twice in a row; where only batches of it are measured, the mean of their last quarter is 5 % above the least of an earlier one and the two are 2 standard errors apart (3 values a quarter or more) |
 * | learning | still running |
 * | stuck | ended, and the last third's mean is within 3 % of the first third's (12 steps or more) |
 * | learnt | ended, and the last third's mean is below the first third's, or below 0.1; of fewer than 12 steps, by a third |
 * | unclear | ended, none of the above |
 *
 * Of preference pairs, 0.00 and a rising validation loss say nothing; after diverged and learning:
 *
 * | verdict | when |
 * |---|---|
 * | preferring | ended, the reward margin on held-out pairs is above 0, and more than half of them are in the right order: the 95 % interval of that share lies above a half (where their number is unknown, the share is two thirds or more) |
 * | trainingPairs | ended, not so on held-out pairs, and the training loss went as for learnt |
 * | stuck, learnt, unclear | ended, by the training loss as above; learnt only where no held-out pairs were measured |
 */
export function diagnose(
  { status, launch, rows, stepsPerEpoch, pairs }: JobFacts,
  curve: CurveFacts,
): Diagnosis {
  if (launch === 'unknown' || status === 'unknown') return { kind: 'unknown' }
  if (status === 'failed' || status === 'cancelled') return { kind: status }
  const ended = isTerminal(status)
  const { train, validation, zeros, tail, notANumber } = curve
  if (notANumber && notANumber.since < FEW)
    return { kind: 'notANumber', step: notANumber.step, count: notANumber.count }
  if (!train) return { kind: ended ? 'noMetrics' : 'waiting' }
  return {
    kind: pairs ? verdictOnPairs(curve, pairs, ended) : verdict(curve, ended),
    ...train,
    tail,
    zeros,
    rows,
    validation: validation && {
      best: validation.best,
      last: validation.last,
      step: validation.step,
      epoch: stepsPerEpoch && Math.ceil(validation.step / stepsPerEpoch),
      risen: pairs === null && hasRisen(validation),
    },
    heldOutPairs: pairs?.rewards ? { accuracy: pairs.rewards.accuracy, margin: pairs.rewards.margin } : null,
  }
}

/**
 * The epoch at which validation was best, when training longer made it worse. Never 1: validation that only got worse
 * says that the examples differ, not that one epoch is enough.
 */
export function betterEpochs(diagnosis: Diagnosis): number | null {
  const validation = 'validation' in diagnosis ? diagnosis.validation : null
  return validation?.risen && validation.epoch !== 1 ? validation.epoch : null
}
