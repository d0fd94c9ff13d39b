/**
 * A worker process: ONNX Runtime and models' tokenizers run only here, because both block their thread
 * and can crash their process; so does the conversion of whole models. Forked with its role as its argument and
 * `serialization: 'advanced'`; uses protocol.ts over IPC.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism, constants, setPriority } from 'node:os'
import { AppError } from '#lib/core/errors.ts'
import { leaveOnUncaught, printError } from '#lib/core/uncaught.ts'
import { startWatchdog } from '#lib/core/watchdog.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { OUT_OF_MEMORY } from '../memory.ts'
import type {
  ExportOrder,
  ExportReport,
  GeneratorReport,
  GeneratorRequest,
  TokenizerReport,
  TokenizerRequest,
  TrainerReport,
  TrainerRequest,
} from './protocol.ts'

/** Resolves when the report has been sent. */
function tell(report: TrainerReport | GeneratorReport | TokenizerReport | ExportReport): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => resolve())
  })
}

function failureOf(error: unknown): Pick<Extract<TrainerReport, { kind: 'failed' }>, 'code' | 'message'> {
  if (isDiskFull(error)) return { code: 'disk_full', message: diskFull(error).message }
  if (error instanceof AppError && error.code === 'damaged')
    return { code: 'model_damaged', message: error.message }
  if (error instanceof AppError && error.facts?.code === OUT_OF_MEMORY)
    return { code: 'out_of_memory', message: error.message }
  return { code: 'training_failed', message: error instanceof Error ? error.message : String(error) }
}

/**
 * Training and export use every core, but only where nobody else needs it: chats and the studio have priority. Linux counts
 * priority by thread, and threads made later inherit it: this runs before ONNX Runtime makes its own.
 */
function yieldCores(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0]
  for (const thread of threads) setPriority(thread, constants.priority.PRIORITY_LOW)
}

async function serveTrainer(): Promise<void> {
  const { KEEP, train } = await import('./trainer.ts')
  const stop = new AbortController()
  async function run(order: Extract<TrainerRequest, { kind: 'train' }>): Promise<void> {
    try {
      for await (const report of train(order, stop.signal)) await tell(report)
    } catch (error) {
      await tell({ kind: 'failed', ...failureOf(error) })
    }
    process.disconnect?.()
  }
  async function measure(order: Extract<TrainerRequest, { kind: 'measure' }>): Promise<void> {
    const { measureStep } = await import('./measure-step.ts')
    await measureStep(order).then(
      (tokensPerSecond) => tell({ kind: 'measured', tokensPerSecond }),
      (error: unknown) => tell({ kind: 'failed', ...failureOf(error) }),
    )
    process.disconnect?.()
  }
  process.on('message', (request: TrainerRequest) => {
    if (request.kind === 'stop') stop.abort(request.keep ? KEEP : undefined)
    else if (request.kind === 'measure') void measure(request)
    else void run(request)
  })
}

async function serveGenerator(): Promise<void> {
  const { createGenerator } = await import('./generate.ts')
  const generator = createGenerator(tell, Math.max(1, availableParallelism() >> 1))
  process.on('message', (request: GeneratorRequest) => {
    if (request.kind === 'generate') generator.start(request)
    if (request.kind === 'abort') generator.abort(request.id)
    if (request.kind === 'forget') generator.forget(request.model)
  })
}

async function serveTokenizer(): Promise<void> {
  const { tokenize } = await import('./tokenize.ts')
  process.on('message', async (request: TokenizerRequest) => {
    await tell({ kind: 'reading', id: request.id })
    await tell(tokenize(request))
  })
}

async function serveExport(): Promise<void> {
  const { exportModel } = await import('./export.ts')
  process.once('message', async (order: ExportOrder) => {
    await exportModel(order, tell)
    process.disconnect?.()
  })
}

const role = process.argv[2]
if (role === 'train' || role === 'export') yieldCores()
process.on('disconnect', () => process.exit(0)) // the parent has ended
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole process group; the parent decides what to do
leaveOnUncaught(printError, () => process.exit(1))

startWatchdog({ name: `A worker of the engine (${role})`, parent: process.ppid })
if (role === 'train') await serveTrainer()
else if (role === 'generate') await serveGenerator()
else if (role === 'export') await serveExport()
else await serveTokenizer()
