import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import type { ServerEvent } from '#lib/http/sse.ts'
import type { EvalProgress } from './schema.ts'
import { progressOfOpen } from './scores-store.ts'

/** Least ms between two looks: what moves a bar need not come more often. */
const LOOK = 1_000

/**
 * How far every evaluation is that is under way, all of them whenever one of them has moved: one that is left out has ended. A
 * look counts in indexes alone; pages ask for scores and rows when they are due.
 * @param lasting goes on until the reader leaves; else it ends after how things stand
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
