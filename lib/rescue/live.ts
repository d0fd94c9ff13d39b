import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import type { ServerEvent } from '#lib/http/sse.ts'
import { listRescues } from './rescue.ts'

/** Least ms between two updates: a meter needs no more. */
const LOOK = 1_000

/**
 * The state of all rescues, sent whenever one has changed.
 * @param lasting goes on until the reader leaves; else it ends after the current state
 */
export async function* liveRescues(signal: AbortSignal, lasting: boolean): AsyncGenerator<ServerEvent> {
  const waker = new Waker()
  const unsubscribe = onChanges(['rescues', 'archive_items'], waker.wake)
  let sent = ''
  try {
    while (!signal.aborted) {
      const rescues = await listRescues()
      const text = JSON.stringify(rescues)
      if (text !== sent) yield { event: 'rescues', data: rescues }
      sent = text
      if (!lasting) return
      await waker.sleep({ least: LOOK, signal })
    }
  } finally {
    unsubscribe()
  }
}
