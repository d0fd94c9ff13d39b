import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest work without yielding to the event loop, in ms: other tasks and aborts wait for it. */
const STRETCH = 20

/** What a task gets besides its input. */
export interface Context {
  /** The worker's handle. A transaction must begin and end within one turn: tasks share the handle. */
  db: DatabaseSync
  /** Aborts when the caller cancels. */
  signal: AbortSignal
  /** Sends progress to the caller. */
  tell: (news: unknown) => void
  /** Call when a step has begun or ended. */
  changed: () => void
  /** Yields when the task has run for a while; throws when it was aborted. */
  yieldToEventLoop: () => Promise<void>
}

/** @throws the signal's reason from `yieldToEventLoop` once it is aborted */
export function contextOf(
  db: DatabaseSync,
  signal: AbortSignal,
  tell: (news: unknown) => void = () => {},
  changed: () => void = () => {},
): Context {
  let since = performance.now()
  const yieldToEventLoop = async () => {
    if (performance.now() - since < STRETCH) return
    await nextTurn()
    signal.throwIfAborted()
    since = performance.now()
  }
  return { db, signal, tell, changed, yieldToEventLoop }
}
