import { setTimeout as pause } from 'node:timers/promises'
import { leaveOnUncaught, printError } from '#lib/core/uncaught.ts'
import { startWatchdog, type Watchdog } from '#lib/core/watchdog.ts'

/** ms that the child processes may take to end; and this process after them. */
const PATIENCE = 5_000
const REST = 5_000

/** ms, as long as an orderly stop may take. */
const ORPHAN_PATIENCE = 12_000

type Ending = (patience: number) => unknown

export interface Stop {
  /** Fires when the stop begins. */
  signal: AbortSignal
  /** Adds an ending that runs at the same time as others, within the given patience. */
  endTogether(ending: Ending): void
  /** Adds an ending that runs after the others, the last added first. */
  endLast(ending: () => unknown): void
  /** Runs all endings and then exits; a second call exits at once. */
  leave(code: number): Promise<void>
}

/** An ending that fails must not stop the others. */
async function end(ending: () => unknown): Promise<void> {
  try {
    await ending()
  } catch (thrown) {
    printError(thrown)
  }
}

/** How this process ends, filled while it starts. */
export function createStop(watchdog: Watchdog, patience = PATIENCE): Stop {
  const stop = new AbortController()
  const parallel: Ending[] = []
  const ordered: (() => unknown)[] = []
  const endParallel = (ms: number) => Promise.all(parallel.map((ending) => end(() => ending(ms))))

  async function leaveNow(): Promise<never> {
    await endParallel(0)
    process.exit(1)
  }

  return {
    signal: stop.signal,
    endTogether: (ending) => void parallel.push(ending),
    endLast: (ending) => void ordered.unshift(ending),
    async leave(code) {
      if (stop.signal.aborted) return leaveNow()
      watchdog.stopWithin(patience + REST)
      stop.abort()
      await Promise.race([endParallel(patience), pause(patience + REST / 2)])
      for (const ending of ordered) await end(ending)
      process.exit(code)
    },
  }
}

/** npm's shell ends on a signal without passing it on: its disappearance is the signal. */
function leaveWithParent(leave: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    leave()
  }, 250)
  watch.unref()
}

/** Ends this process, also a blocked one, some time after the shell that npm started it in. @param name for its last words */
export const watchOurselves = (name: string, { underNpm }: { underNpm: boolean }): Watchdog =>
  startWatchdog({ name, parent: underNpm ? process.ppid : null, orphanPatience: ORPHAN_PATIENCE })

/** On a signal, when npm is gone, or after an uncaught error. */
export function leaveWhenAsked(
  stop: Stop,
  { underNpm }: { underNpm: boolean },
  print: (thrown: unknown) => void,
): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop.leave(0))
  leaveOnUncaught(print, () => void stop.leave(1))
  if (underNpm) leaveWithParent(() => void stop.leave(0))
}
