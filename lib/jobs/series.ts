import type { Point } from './series-schema.ts'
import { StepData } from './wire.ts'

/** A metrics event as it is kept. */
export interface MetricsEvent {
  message: string
  data?: unknown
  /** ms; when it was made. */
  at?: number | null
}

const STEP_IN_WORDS = /Step (\d+)\/(\d+)/

const orNull = (value: number | null | undefined): number | null => value ?? null

/**
 * Step and total of an event: from its data, or the total from the message of older jobs. Losses come from data alone.
 */
export function stepOf({
  message,
  data,
}: MetricsEvent): { step: number; totalSteps: number | null; data: StepData } | null {
  const read = StepData.safeParse(data ?? {})
  const words = STEP_IN_WORDS.exec(message)
  const step = read.data?.step ?? (words ? Number(words[1]) : null)
  if (!read.success || step === null || !Number.isSafeInteger(step)) return null
  return { step, totalSteps: read.data.total_steps ?? (words ? Number(words[2]) : null), data: read.data }
}

/** One point of the curve, or null for an event without a step. Zero is a valid number. */
export function pointOf(event: MetricsEvent): Point | null {
  const found = stepOf(event)
  if (!found) return null
  const { data, step } = found
  return {
    step,
    at: orNull(event.at),
    trainLoss: orNull(data.train_loss),
    validLoss: orNull(data.valid_loss),
    fullValidLoss: orNull(data.full_valid_loss),
    accuracy: orNull(data.train_mean_token_accuracy),
    validAccuracy: orNull(data.valid_mean_token_accuracy),
    fullValidAccuracy: orNull(data.full_valid_mean_token_accuracy),
  }
}

/** Points by step, each step once: later values fill in and replace earlier ones. */
export function mergePoints(...series: (readonly Point[])[]): Point[] {
  const bySteps = new Map<number, Point>()
  for (const point of series.flat()) {
    const known = bySteps.get(point.step)
    bySteps.set(point.step, known ? fill(known, point) : point)
  }
  return [...bySteps.values()].sort((a, b) => a.step - b.step)
}

const fill = (known: Point, later: Point): Point => ({
  step: later.step,
  at: later.at ?? known.at,
  trainLoss: later.trainLoss ?? known.trainLoss,
  validLoss: later.validLoss ?? known.validLoss,
  fullValidLoss: later.fullValidLoss ?? known.fullValidLoss,
  accuracy: later.accuracy ?? known.accuracy,
  validAccuracy: later.validAccuracy ?? known.validAccuracy,
  fullValidAccuracy: later.fullValidAccuracy ?? known.fullValidAccuracy,
})

export const pointsOf = (events: MetricsEvent[]): Point[] =>
  mergePoints(events.map(pointOf).filter((point) => point !== null))

/** The least validation loss: on the whole file if it was ever measured, else on a batch of it. */
export function bestOf(points: readonly Point[]): { step: number; value: number; full: boolean } | null {
  const whole = points.some(({ fullValidLoss }) => fullValidLoss !== null)
  return points.reduce<ReturnType<typeof bestOf>>((best, { step, validLoss, fullValidLoss }) => {
    const value = whole ? fullValidLoss : validLoss
    return value !== null && (best === null || value < best.value) ? { step, value, full: whole } : best
  }, null)
}
