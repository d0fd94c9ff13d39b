import { setTimeout as pause } from 'node:timers/promises'
import { printError } from '#lib/core/uncaught.ts'
import type { Watchdog } from '#lib/core/watchdog.ts'

/** How long what runs beside this process may take to end, in ms; and this process after that. */
const PATIENCE = 5_000
const REST = 5_000

type Ending = (patience: number) => unknown

export interface Stop {
  /** Fires when the stop begins. */
  signal: AbortSignal
  /** Ends what runs beside others: all at once, each within the patience it is given. */
  together(ending: Ending): void
  /** Ends what the others need, the latest first. */
  last(ending: () => unknown): void
  /** Ends all of it and then this process; asked again, it waits for nothing. */
  leave(code: number): Promise<void>
}

/** An ending that fails must not keep the others from theirs. */
async function end(ending: () => unknown): Promise<void> {
  try {
    await ending()
  } catch (thrown) {
    printError(thrown)
  }
}

/** How this process ends, put together while it starts. */
export function createStop(watchdog: Watchdog, patience = PATIENCE): Stop {
  const stop = new AbortController()
  const beside: Ending[] = []
  const needed: (() => unknown)[] = []
  const endBeside = (ms: number) => Promise.all(beside.map((ending) => end(() => ending(ms))))

  async function leaveNow(): Promise<never> {
    await endBeside(0)
    process.exit(1)
  }

  return {
    signal: stop.signal,
    together: (ending) => void beside.push(ending),
    last: (ending) => void needed.unshift(ending),
    async leave(code) {
      if (stop.signal.aborted) return leaveNow()
      watchdog.stopWithin(patience + REST)
      stop.abort()
      await Promise.race([endBeside(patience), pause(patience + REST / 2)])
      for (const ending of needed) await end(ending)
      process.exit(code)
    },
  }
}
