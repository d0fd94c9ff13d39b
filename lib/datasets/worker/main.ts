/**
 * The dataset worker: reads, checks and rewrites rows by the million in a separate process, so that the studio's event loop
 * stays free. Forked with LIMERICK_DATA in its environment; speaks protocol.ts over IPC.
 */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '#lib/core/errors.ts'
import { leaveOnUncaught, printError } from '#lib/core/uncaught.ts'
import { startWatchdog } from '#lib/core/watchdog.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { env } from '#lib/env.ts'
import { contextOf } from './context.ts'
import type { WorkerReport, WorkerRequest } from './protocol.ts'
import { sweepHalfSteps } from './step.ts'
import { tasks } from './tasks.ts'

/** How long a statement waits for the studio's transaction, in ms. */
const BUSY_TIMEOUT = 5_000

const db = new DatabaseSync(path.join(env().dataFolder, 'studio.db'), { timeout: BUSY_TIMEOUT })
db.exec('pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16384;') // 16 MB: keys are scattered
/** An earlier worker may have died in the middle of a step. */
const swept = sweepHalfSteps(db).then(() => changed())

const tell = (report: WorkerReport): void => void process.send?.(report)
const changed = () => tell({ kind: 'changed' })
const running = new Map<number, AbortController>()

/** An AppError goes to the caller; anything else is our bug: logged here, never shown. */
function errorOf(thrown: unknown): AppError {
  if (isDiskFull(thrown)) return diskFull(thrown)
  if (thrown instanceof AppError) return thrown
  console.error(thrown)
  return new AppError('internal', 'http.internal')
}

async function run({ id, name, input, aborted }: Extract<WorkerRequest, { kind: 'do' }>): Promise<void> {
  const stop = new AbortController()
  if (aborted) stop.abort()
  running.set(id, stop)
  const context = contextOf(db, stop.signal, (news) => tell({ kind: 'news', id, news }), changed)
  try {
    await swept
    const task = tasks[name as keyof typeof tasks] as (input: unknown, context: unknown) => unknown
    tell({ kind: 'done', id, output: await task(input, context) })
  } catch (thrown) {
    tell(
      stop.signal.aborted ? { kind: 'aborted', id } : { kind: 'failed', id, error: errorOf(thrown).toWire() },
    )
  } finally {
    running.delete(id)
  }
}

process.on('message', (request: WorkerRequest) => {
  if (request.kind === 'abort') running.get(request.id)?.abort()
  else void run(request)
})
leaveOnUncaught(printError, () => process.exit(1))
startWatchdog({ name: 'The worker of the datasets', parent: process.ppid })
process.on('disconnect', () => process.exit(0)) // the studio has exited
// Closing the last handle checkpoints the write-ahead log.
process.on('exit', () => db.close())
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole process group; the parent handles it
