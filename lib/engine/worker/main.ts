/**
 * A worker process: the only place where ONNX Runtime runs, since it blocks its thread and can take its process down.
 * Forked with `train` or `generate` as its argument and `serialization: 'advanced'`; speaks protocol.ts over IPC.
 */
import { availableParallelism, setPriority } from 'node:os'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { AppError } from '#lib/errors.ts'
import { createGenerator } from './generate.ts'
import type { GeneratorReport, GeneratorRequest, TrainerReport, TrainerRequest } from './protocol.ts'
import { KEEP, train } from './trainer.ts'

/** Resolves when the report has left this process. */
function tell(report: TrainerReport | GeneratorReport): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => resolve())
  })
}

function failureOf(error: unknown): Pick<Extract<TrainerReport, { kind: 'failed' }>, 'code' | 'message'> {
  if (isDiskFull(error)) return { code: 'disk_full', message: diskFull(error).message }
  if (error instanceof AppError && error.code === 'damaged')
    return { code: 'model_damaged', message: error.message }
  return { code: 'training_failed', message: error instanceof Error ? error.message : String(error) }
}

async function runTrainer(
  order: Extract<TrainerRequest, { kind: 'train' }>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const report of train(order, signal)) await tell(report)
  } catch (error) {
    await tell({ kind: 'failed', ...failureOf(error) })
  }
  process.disconnect?.()
}

function serveTrainer(): void {
  setPriority(10) // chats and the studio come first
  const stop = new AbortController()
  process.on('message', (request: TrainerRequest) => {
    if (request.kind === 'stop') stop.abort(request.keep ? KEEP : undefined)
    else void runTrainer(request, stop.signal)
  })
}

function serveGenerator(): void {
  const generator = createGenerator((report) => void tell(report), Math.max(1, availableParallelism() >> 1))
  process.on('message', (request: GeneratorRequest) => {
    if (request.kind === 'generate') generator.start(request)
    if (request.kind === 'abort') generator.abort(request.id)
    if (request.kind === 'forget') generator.forget(request.model)
  })
}

process.on('disconnect', () => process.exit(0)) // nobody is left to work for
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole family; the parent decides what it means

if (process.argv[2] === 'train') serveTrainer()
else serveGenerator()
