import { Worker } from 'node:worker_threads'
import { printError } from './uncaught.ts'

export interface WatchdogOptions {
  /** Name of this process in the log. */
  name: string
  /** Id of the process that this one must not outlive; null: it may. */
  parent: number | null
  /** ms that this process may take to exit in order after its parent has exited. */
  orphanPatience?: number
  /** ms between two checks. */
  tick?: number
}

export interface Watchdog {
  /** Kills this process if it has not exited after `ms`. */
  stopWithin(ms: number): void
  /** Kills this process if its main thread is blocked for `ms`. */
  endIfBlocked(ms: number): void
}

/** Slots of the shared state; watchdog-thread.js reads the same. */
const [BEATS, STOP_WITHIN, BLOCKED_LIMIT] = [0, 1, 2]
const SLOTS = 4

/**
 * Kills this process when it cannot exit itself: signal handlers and timers run on the main thread, so an endless loop
 * there leaves only SIGKILL. The watchdog is a thread with its own timer.
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
