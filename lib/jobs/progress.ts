import type { EventMetrics } from './event-metrics.ts'
import { ms } from './remote.ts'
import type { Point } from './series-schema.ts'
import { isTerminal } from './status.ts'
import type { JobRecord } from './store.ts'
import type { RemoteEvent, RemoteJob } from './wire.ts'

/** Statuses with the time each began: the provider's own if it reports them, else now. */
export function statesIn({ status, limerick, finished_at }: RemoteJob): {
  exact: boolean
  states: { status: string; at: number }[]
} {
  const times = limerick?.status_times
  if (times) return { exact: true, states: Object.entries(times).map(([name, at]) => ({ status: name, at })) }
  const at = isTerminal(status) && finished_at ? ms(finished_at) : Date.now()
  return { exact: false, states: [{ status, at }] }
}

/** The wire's whole seconds may lie before the creation of a short job: our engine's own times are preferred. */
export const finishedAt = ({ status, finished_at, limerick }: RemoteJob): number | null => {
  if (!isTerminal(status)) return null
  return limerick?.status_times?.[status] ?? (finished_at ? ms(finished_at) : Date.now())
}

const STARTED = /fine-?tuning job started/i

/**
 * When training itself began: as our engine or an event says, else when we first saw it. A job that was paused counts
 * as begun so much later: the time since then is that of its training.
 */
export function runningAt(
  { limerick, status }: RemoteJob,
  events: readonly RemoteEvent[],
  measured: readonly EventMetrics[],
  known: number | null,
): number | null {
  const started = events.find(({ message }) => STARTED.test(message))
  const began = limerick?.status_times?.running
  if (began !== undefined) return began + (limerick?.paused_ms ?? 0)
  const exact = started ? ms(started.created_at) : null
  return exact ?? known ?? measured[0]?.point.at ?? (status === 'running' ? Date.now() : null)
}

const furthest = <Place extends { step: number }>(places: readonly Place[]): Place | undefined =>
  places.reduce<Place | undefined>((far, place) => (far && far.step > place.step ? far : place), undefined)

type Progress = Pick<JobRecord, 'step' | 'last_loss' | 'total_steps'>

/**
 * How far the job is. A known step is never taken back: events may come out of order.
 * @param result points of the result file, less exact than the events
 */
export function progress(
  known: Progress,
  remote: RemoteJob,
  measured: readonly EventMetrics[],
  result: readonly Point[],
): Progress {
  const points = [...result, ...measured.map(({ point }) => point)]
  const isAhead = (point: Point | undefined): point is Point => (point?.step ?? -1) >= (known.step ?? 0)
  const end = furthest(points)
  const lost = furthest(points.filter(({ trainLoss }) => trainLoss !== null))
  const said = measured.findLast(({ totalSteps }) => totalSteps !== null)?.totalSteps
  return {
    step: isAhead(end) ? end.step : known.step,
    last_loss: isAhead(lost) ? lost.trainLoss : known.last_loss,
    total_steps: remote.limerick?.total_steps ?? said ?? known.total_steps ?? furthest(result)?.step ?? null,
  }
}
