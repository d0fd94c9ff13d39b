import { Worker } from 'node:worker_threads'
import { printError } from './uncaught.ts'

export interface WatchdogOptions {
  /** What the log calls this process. */
  name: string
  /** Process id without which this process must not go on; null: it may outlive its parent. */
  parent: number | null
  /** ms that an orphan may take to leave in order. */
  orphanPatience?: number
  /** ms between two looks. */
  tick?: number
}

export interface Watchdog {
  /** From now on this process has `ms` to end. */
  stopWithin(ms: number): void
  /** From now on a main thread that is blocked for `ms` will not come back. */
  endIfBlocked(ms: number): void
}

/** Slots of the shared state; watchdog-thread.js reads the same. */
const [BEATS, STOP_WITHIN, BLOCKED_LIMIT] = [0, 1, 2]
const SLOTS = 4

/**
 * Kills this process when it cannot end itself: signal handlers and timers run on the main thread, so a loop there
 * makes a process that only SIGKILL ends. The watchdog is a thread, whose own timer runs on.
 */
export function startWatchdog({
  name,
  parent,
  orphanPatience = 3_000,
  tick = 250,
}: WatchdogOptions): Watchdog {
  const state = new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT))
  const thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), {
    workerData: { state, name, parent, orphanPatience, tick },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  })
  thread.unref()
  thread.on('error', printError)
  return {
    stopWithin: (ms) => void Atomics.store(state, STOP_WITHIN, ms),
    endIfBlocked(ms) {
      setInterval(() => Atomics.add(state, BEATS, 1), tick).unref()
      Atomics.store(state, BLOCKED_LIMIT, ms)
    },
  }
}
