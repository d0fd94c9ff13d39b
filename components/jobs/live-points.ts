import type { Point } from '#lib/jobs/series-schema.ts'

/** New points of a run, or null when there were too many to send: its curve has to be asked for anew. */
export type LiveListener = (points: Point[] | null) => void

const listeners = new Map<string, Set<LiveListener>>()

/** Hears of a run's new points as the tab's stream brings them. @returns how to stop */
export function onLivePoints(jobId: string, listener: LiveListener): () => void {
  const known = listeners.get(jobId) ?? new Set()
  listeners.set(jobId, known.add(listener))
  return () => known.delete(listener)
}

export const tellPoints = (jobId: string, points: Point[] | null): void => {
  for (const listener of listeners.get(jobId) ?? []) listener(points)
}
