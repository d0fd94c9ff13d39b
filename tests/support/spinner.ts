/** A process that blocks its main thread for ever, with a watchdog. Its argument selects how the watchdog is set. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startWatchdog } from '#lib/core/watchdog.ts'

const [, , what] = process.argv

function spin(): void {
  process.on('SIGTERM', () => undefined)
  const watchdog = startWatchdog({ name: 'The spinner', parent: process.ppid, orphanPatience: 300, tick: 50 })
  if (what === 'stop') watchdog.stopWithin(300)
  if (what === 'blocked') watchdog.endIfBlocked(300)
  process.send?.({ pid: process.pid }, undefined, undefined, () => {
    for (;;);
  })
}

/** Sets the watchdog only after a while: earlier missing beats must not count. */
function live(): void {
  const watchdog = startWatchdog({ name: 'The spinner', parent: process.ppid, tick: 50 })
  setTimeout(() => watchdog.endIfBlocked(1_000), 1_500)
  setTimeout(() => process.exit(0), 1_800)
}

/** Starts a spinner, sends its pid, and waits to be killed. */
function parent(): void {
  const child = fork(fileURLToPath(import.meta.url), ['spin'])
  child.on('message', (message) => process.send?.(message as object))
  process.on('disconnect', () => process.exit(0))
}

if (what === 'parent') parent()
else if (what === 'live') live()
else spin()
