import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import type { ServerEvent } from '#lib/http/sse.ts'
import type { EvalProgress } from './schema.ts'
import { progressOfOpen } from './scores-store.ts'

/** Least ms between two updates: a progress bar needs no more. */
const LOOK = 1_000

/**
 * Progress of all running evaluations, sent whenever one has changed; one that is missing has ended. An update reads
 * only indexes; pages ask for scores and rows when they need them.
 * @param lasting goes on until the reader leaves; else it ends after the current state
 */
export async function* liveEvals(signal: AbortSignal, lasting: boolean): AsyncGenerator<ServerEvent> {
  const waker = new Waker()
  const unsubscribe = onChanges(['evals', 'eval_cells'], waker.wake)
  let sent = ''
  try {
    while (!signal.aborted) {
      const progress: EvalProgress[] = await progressOfOpen()
      const text = JSON.stringify(progress)
      if (text !== sent) yield { event: 'evals', data: progress }
      sent = text
      if (!lasting) return
      await waker.sleep({ least: LOOK, signal })
    }
  } finally {
    unsubscribe()
  }
}
