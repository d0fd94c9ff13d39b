import { pause } from '#lib/core/pause.ts'
import { untilWritten, writes } from '#lib/db/writes.ts'
import type { ServerEvent } from '#lib/http/sse.ts'
import type { EvalProgress } from './schema.ts'
import { progressOfOpen } from './scores-store.ts'

/** Least ms between two looks: what moves a bar need not come more often. */
const LOOK = 1_000
const IDLE = 10_000

/**
 * How far every evaluation is that is under way, all of them whenever one of them has moved: one that is left out has ended. A
 * look counts in indexes alone; pages ask for scores and rows when they are due.
 * @param lasting goes on until the reader leaves; else it ends after how things stand
 */
export async function* liveEvals(signal: AbortSignal, lasting: boolean): AsyncGenerator<ServerEvent> {
  let told = ''
  while (!signal.aborted) {
    const seen = writes()
    const progress: EvalProgress[] = await progressOfOpen()
    const text = JSON.stringify(progress)
    if (text !== told) yield { event: 'evals', data: progress }
    told = text
    if (!lasting) return
    await pause(LOOK, signal)
    await untilWritten(seen, IDLE, signal)
  }
}
