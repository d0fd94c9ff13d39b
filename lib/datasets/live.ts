import { processWide } from '#lib/core/process-wide.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { startId } from '#lib/db/start-id.ts'
import type { ServerEvent } from '#lib/http/sse.ts'

/** Least ms between two messages: a list of datasets need not come more often. */
const LOOK = 1_000

/** How often any dataset has changed since the start. */
const changes = processWide('datasetChanges', () => {
  const counter = { count: 0 }
  onChanges(['datasets'], () => {
    counter.count++
  })
  return counter
})

/** Names the state of all datasets: another mark, another state. */
const mark = (): string => `${startId()}-${changes.count}`

/**
 * Says that datasets have changed, as imports and rewrites under way do by themselves; pages ask for what they show of them.
 * @param lasting goes on until the reader leaves; else it ends after how things stand
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
