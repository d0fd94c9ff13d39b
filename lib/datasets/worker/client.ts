import 'server-only'
import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { childEnv } from '#lib/core/child-env.ts'
import { endChild } from '#lib/core/end-child.ts'
import { AppError, fromWire, type WireError } from '#lib/core/errors.ts'
import { processWide } from '#lib/core/process-wide.ts'
import { noteChange } from '#lib/db/changes.ts'
import { env } from '#lib/env.ts'
import { workerFlags } from './flags.ts'
import type { WorkerReport, WorkerRequest } from './protocol.ts'
import type { Tasks } from './tasks.ts'

/** The worker exits after this long without a task, in ms: its tables take some 100 MB. */
const IDLE = 120_000

const ENDED: WireError = new AppError('unavailable', 'datasets.workerEnded').toWire()

interface Waiting {
  resolve: (output: unknown) => void
  /** Errors stay in wire form: each bundle rebuilds them with its own class `AppError`. */
  reject: (reason: WireError | DOMException) => void
  onNews?: (news: unknown) => void
}

interface Worker {
  child: ChildProcess
  waiting: Map<number, Waiting>
  next: number
  /** Do not start another one after it. */
  stopping?: boolean
  idle?: NodeJS.Timeout
}

const current = processWide<{ worker?: Worker }>('datasetsWorker', () => ({}))

function onReport(worker: Worker, report: WorkerReport): void {
  if (report.kind === 'changed') {
    noteChange('datasets')
    return
  }
  const caller = worker.waiting.get(report.id)
  if (report.kind === 'news') {
    caller?.onNews?.(report.news)
    return
  }
  worker.waiting.delete(report.id)
  if (worker.waiting.size === 0) worker.idle = setTimeout(() => worker.child.disconnect(), IDLE).unref()
  if (report.kind === 'done') caller?.resolve(report.output)
  else if (report.kind === 'failed') caller?.reject(report.error)
  // Rejected only now: when the caller continues, the worker has reverted the task.
  else caller?.reject(new DOMException('The work was cancelled.', 'AbortError'))
}

/** The worker keeps this process alive only while a task is running. */
function keepAlive({ child }: Worker): void {
  child.ref()
  child.channel?.ref()
}

function letExit({ child }: Worker): void {
  child.unref()
  child.channel?.unref()
}

function start(): Worker {
  // The working directory is the project folder; bundles of this file are elsewhere.
  const entry = path.resolve(/* turbopackIgnore: true */ 'lib/datasets/worker/main.ts')
  const { dataFolder } = env()
  const child = fork(entry, {
    env: childEnv({ LIMERICK_DATA: dataFolder, NODE_COMPILE_CACHE: path.join(dataFolder, 'cache') }),
    execArgv: [...workerFlags],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const worker: Worker = { child, waiting: new Map(), next: 0 }
  child.on('message', (report: WorkerReport) => onReport(worker, report))
  child.once('exit', () => end(worker))
  // It could not be started, or can no longer be reached.
  child.on('error', () => end(worker))
  letExit(worker)
  return worker
}

/** Rejects the tasks of a worker that has exited; the next worker reverts unfinished steps. */
function end(worker: Worker): void {
  const broken = worker.waiting.size > 0 && !worker.stopping
  clearTimeout(worker.idle)
  if (current.worker === worker) current.worker = undefined
  if (broken) warmWorker()
  for (const { reject } of worker.waiting.values()) reject(ENDED)
  worker.waiting.clear()
  letExit(worker)
}

function ready(): Worker {
  if (current.worker?.child.connected) return current.worker
  const worker = start()
  current.worker = worker
  return worker
}

/**
 * Stops the worker; the next start reverts an unfinished step.
 * @param patience ms until SIGKILL
 */
export async function stopWorker(patience: number): Promise<void> {
  const { worker } = current
  if (!worker) return
  worker.stopping = true
  await endChild(worker.child, patience)
}

/** Starts the process in advance, so that the first task does not wait for it. */
export const warmWorker = (): void => void ready()

export interface WorkOptions {
  /** Cancels the task and reverts what it has written. */
  signal?: AbortSignal
  onNews?: (news: unknown) => void
}

type Input<Name extends keyof Tasks> = Parameters<Tasks[Name]>[0]
type Output<Name extends keyof Tasks> = Awaited<ReturnType<Tasks[Name]>>

/**
 * Runs a task in the worker.
 * @throws AppError as thrown by the task; an AbortError, once it is reverted; unavailable when the process died
 */
export function work<Name extends keyof Tasks>(
  name: Name,
  input: Input<Name>,
  { signal, onNews }: WorkOptions = {},
): Promise<Output<Name>> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const worker = ready()
  clearTimeout(worker.idle)
  const id = ++worker.next
  if (worker.waiting.size === 0) keepAlive(worker)
  worker.waiting.set(id, { resolve, reject, onNews })
  const abort = () => {
    if (worker.child.connected) worker.child.send({ kind: 'abort', id })
  }
  signal?.addEventListener('abort', abort)
  // Sent even if the caller has aborted already: only the worker deletes the blob stored for the task.
  const request: WorkerRequest = { kind: 'do', id, name, input, aborted: signal?.aborted ?? false }
  if (worker.child.connected) worker.child.send(request)
  else end(worker) // the system had no process or file to spare
  return promise
    .catch((reason: WireError | DOMException) => {
      throw reason instanceof DOMException ? reason : fromWire(reason)
    })
    .finally(() => {
      signal?.removeEventListener('abort', abort)
      if (worker.waiting.size === 0) letExit(worker)
    }) as Promise<Output<Name>>
}
