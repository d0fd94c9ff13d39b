import type { Point } from '#lib/jobs/series-schema.ts'

/** New points of a job, or null if there were too many to send: the listener must refetch the curve. */
export type LiveListener = (points: Point[] | null) => void

const listeners = new Map<string, Set<LiveListener>>()

/** Subscribes to the new points of a job. @returns a function that unsubscribes */
export function onLivePoints(jobId: string, listener: LiveListener): () => void {
  const known = listeners.get(jobId) ?? new Set()
  listeners.set(jobId, known.add(listener))
  return () => known.delete(listener)
}

export const tellPoints = (jobId: string, points: Point[] | null): void => {
  for (const listener of listeners.get(jobId) ?? []) listener(points)
}
