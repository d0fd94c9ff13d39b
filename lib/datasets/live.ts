import { processWide } from '#lib/core/process-wide.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { startId } from '#lib/db/start-id.ts'
import type { ServerEvent } from '#lib/http/sse.ts'

/** Minimum ms between two events. */
const LOOK = 1_000

/** Counts changes of all datasets since startup. */
const changes = processWide('datasetChanges', () => {
  const counter = { count: 0 }
  onChanges(['datasets'], () => {
    counter.count++
  })
  return counter
})

/** Version tag of all datasets: it differs whenever one has changed. */
const mark = (): string => `${startId()}-${changes.count}`

/**
 * Events for changed datasets, also by imports and rewrites in progress; pages then refetch what they show.
 * @param lasting whether to continue until the client disconnects; otherwise one event
 */
export async function* liveDatasets(signal: AbortSignal, lasting: boolean): AsyncGenerator<ServerEvent> {
  const waker = new Waker()
  const unsubscribe = onChanges(['datasets'], waker.wake)
  try {
    while (!signal.aborted) {
      yield { event: 'datasets', data: mark() }
      if (!lasting) return
      await waker.sleep({ least: LOOK, signal })
    }
  } finally {
    unsubscribe()
  }
}
