import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest stretch of work without a turn of the event loop, in ms: other tasks and their aborts wait for it. */
const STRETCH = 20

/** What a task is given beside its input. */
export interface Context {
  /** The worker's own handle. A transaction on it begins and ends within one turn: tasks share it. */
  db: DatabaseSync
  /** The caller has left, or has cancelled. */
  signal: AbortSignal
  /** News for the caller. */
  tell: (news: unknown) => void
  /** A step has begun or ended. */
  changed: () => void
  /** Gives way when the task has run for a while; throws when it was aborted. */
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
