import { ms } from './remote.ts'
import { pointOf, stepOf } from './series.ts'
import type { Point } from './series-schema.ts'
import { isNotANumber, type RemoteEvent } from './wire.ts'

/** A point and the event that reported it. */
export interface EventMetrics {
  eventId: string
  point: Point
  totalSteps: number | null
  /** Its training loss is NaN or infinite. */
  notANumber: boolean
}

/** How long the step took, in ms, as our engine reports it. */
function tookOf({ data }: RemoteEvent): number | null {
  const seconds = (data as { limerick?: { seconds?: unknown } } | null | undefined)?.limerick?.seconds
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : null
}

/**
 * ms of an event. The wire has whole seconds; when the event has the step's duration, it gives the time within that
 * second, after the step before.
 */
function timeOf(event: RemoteEvent, before: number | null): number {
  const second = ms(event.created_at)
  const took = tookOf(event)
  if (took === null) return second
  return Math.round(Math.min(Math.max(second, (before ?? second) + took), second + 999))
}

/** Whether a point holds any number at all. */
export const hasNumbers = ({ step: _, at: __, ...numbers }: Point): boolean =>
  Object.values(numbers).some((value) => value !== null)

/**
 * The points that events report, in their order.
 * @param before ms of the step before the first, or of the beginning of training
 */
export function metricsIn(events: readonly RemoteEvent[], before: number | null): EventMetrics[] {
  let last = before
  return events.flatMap((event) => {
    const found = stepOf(event)
    if (!found) return []
    last = timeOf(event, last)
    const point = pointOf({ ...event, at: last })
    if (!point || !(event.type === 'metrics' || hasNumbers(point) || isNotANumber(event.data))) return []
    return [
      {
        eventId: event.id,
        point,
        totalSteps: found.totalSteps,
        notANumber: isNotANumber(event.data),
      },
    ]
  })
}
