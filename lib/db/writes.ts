/** Shared by all module graphs of the process, as the handle is (`studio.ts`). */
interface Writes {
  count: number
  waiting: Set<() => void>
}

const KEY = Symbol.for('limerick.writes')
const shelf = globalThis as unknown as Record<symbol, Writes | undefined>
const state: Writes = shelf[KEY] ?? { count: 0, waiting: new Set() }
shelf[KEY] = state

/** Statements that change nothing; `with` opens no other here. */
const READS = /^\s*(?:select|with|pragma|explain|begin|commit|rollback)\b/i

/** Called for every statement of this process; a statement that writes wakes the loops that wait. */
export function noteStatement(text: string): void {
  if (READS.test(text)) return
  state.count++
  const waking = [...state.waiting]
  state.waiting.clear()
  for (const wake of waking) wake()
}

/** How many statements have written so far. Asked before a look at the database, it is what the next look waits beyond. */
export const writes = (): number => state.count

/**
 * Waits until something is written after `seen`. A loop that found nothing to do need not look again before: nobody else
 * writes these tables, and statements of a transaction that is still open are behind the handle's own queue.
 * @param most ms, for what changes by time alone
 */
export function untilWritten(seen: number, most: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (state.count !== seen || signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      state.waiting.delete(done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, most)
    state.waiting.add(done)
    signal.addEventListener('abort', done, { once: true })
  })
}
