/**
 * The engine's process. The studio starts it with `fork` and a minimal environment. The first IPC message holds its
 * settings; it reports the port and a heartbeat, and exits when the studio ends.
 */
import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { withCauses } from '#lib/core/errors.ts'
import { leaveOnUncaught, printError } from '#lib/core/uncaught.ts'
import { startWatchdog } from '#lib/core/watchdog.ts'
import { createApp } from './app.ts'
import { type Engine, openEngine } from './engine.ts'
import { serve } from './serve.ts'
import { type EngineReport, Settings } from './settings.ts'

/** Detects a new parent process in case the closed IPC channel goes unnoticed. In ms. */
const PARENT_CHECK = 1_000
/** In ms. */
const HEARTBEAT = 1_000
/** Time to close the database, in ms. */
const STOP_PATIENCE = 3_000

/** Resolves when the report has been sent, or at once if the studio has ended. */
function tell(report: EngineReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(report, undefined, undefined, () => resolve())
    else resolve()
  })
}

let engine: Engine | null = null
let leaving = false

async function leave(code: number): Promise<void> {
  if (leaving) return
  leaving = true
  watchdog.stopWithin(STOP_PATIENCE)
  await engine?.close().catch(printError)
  process.exit(code)
}

const watchdog = startWatchdog({ name: 'The built-in engine', parent: process.ppid })
leaveOnUncaught(printError, () => void leave(1))
process.on('disconnect', () => void leave(0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave(0))

const [message] = await once(process, 'message')
const { folder, key, host, port: asked, parent, ...settings } = Settings.parse(message)
if (process.platform !== 'win32')
  setInterval(() => process.ppid !== parent && void leave(0), PARENT_CHECK).unref()

try {
  engine = await openEngine({ folder, ...settings })
  const { port } = await serve(createApp(engine, key), { host, port: asked })
  await tell({ kind: 'listening', port })
  setInterval(() => void tell({ kind: 'alive' }), HEARTBEAT)
} catch (thrown) {
  process.stderr.write(`${withCauses(thrown)}\n`)
  await tell({ kind: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) })
  await leave(1)
}
flushCompileCache() // with NODE_COMPILE_CACHE set, the next start is faster even if this process gets killed
