import { type ChildProcess, fork } from 'node:child_process'
import { on, once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { childEnv } from '#lib/core/child-env.ts'
import { apiError } from './api-error.ts'

const entry = fileURLToPath(new URL('./worker/main.ts', import.meta.url))
/** Characters kept of a process's last error output. */
const LAST_WORDS = 2_000
/** Attempts to fork when the system has no free process or file; the first pause in ms, doubled each time. */
const FORK_TRIES = 6
const FORK_PAUSE = 250

export type Role = 'train' | 'generate' | 'tokenize' | 'export'

export interface WorkerProcess<Request, Report> {
  send: (request: Request) => void
  /** Ends when the process has exited and all its reports have been read. */
  reports: AsyncIterable<Report>
  /** What an `export` writes; null for the other roles. */
  output: Readable | null
  /** How it ended: `SIGKILL`, or `exit code 1: <last line of its error output>`. */
  ended: Promise<string>
  kill: () => void
}

/** Removes this computer's paths from a text before it leaves the engine. */
export const withoutPaths = (text: string): string =>
  text.replace(/(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][\w.@-]+){2,}/g, '…')

async function ending(child: ChildProcess): Promise<string> {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS)
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      const line = words.trim().split('\n').at(-1)?.trim()
      resolve(signal ?? `exit code ${code}${line ? `: ${withoutPaths(line)}` : ''}`)
    })
    // The process can no longer be reached or stopped cleanly: kill it.
    child.on('error', (error) => {
      child.kill('SIGKILL')
      resolve(withoutPaths(error.message))
    })
  })
}

async function* messages<Report>(child: ChildProcess): AsyncGenerator<Report> {
  try {
    for await (const [report] of on(child, 'message', { close: ['disconnect'] })) yield report as Report
  } catch {
    // `on` throws the child's `error`, which `ended` reports.
  }
}

/** Workers that read untrusted text may only read files and load ONNX Runtime: no writes, network, child processes. */
const readOnly = [
  '--permission',
  '--allow-addons',
  '--allow-worker', // the watchdog
  '--disable-warning=SecurityWarning', // it warns that addons could do more; ours is the one we ship
  '--allow-fs-read=*',
]

/** @throws if the system has no free process or file */
async function forkWorker(role: Role): Promise<ChildProcess> {
  const child = fork(entry, [role], {
    execArgv: role === 'train' ? [] : readOnly, // Node refuses fsync under permissions, and checkpoints need it
    env: childEnv(),
    serialization: 'advanced',
    stdio: ['ignore', role === 'export' ? 'pipe' : 'ignore', 'pipe', 'ipc'],
  })
  await once(child, 'spawn') // rejects on `error`
  return child
}

async function forkPatiently(role: Role): Promise<ChildProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await forkWorker(role)
    } catch (thrown) {
      const { code = 'unknown error' } = thrown as NodeJS.ErrnoException
      process.stderr.write(`A worker process (${role}) could not be started (${code}), try ${tries}.\n`)
      if (tries === FORK_TRIES)
        throw apiError('unavailable', `The system could not start another process (${code}). Try again.`, {
          code: 'no_process',
        })
      await pause(FORK_PAUSE * 2 ** (tries - 1))
    }
  }
}

/**
 * Starts a process for work that blocks its thread; it ends with this process and may be killed at any time.
 * @throws AppError `unavailable` if the system cannot start one for some seconds
 */
export async function startWorker<Request extends object, Report>(
  role: Role,
): Promise<WorkerProcess<Request, Report>> {
  const child = await forkPatiently(role)
  const ended = ending(child)
  const reports = messages<Report>(child)
  return {
    send: (request) => {
      // If it has exited, `ended` reports it.
      if (child.connected) child.send(request, () => undefined)
    },
    reports,
    output: child.stdout,
    ended,
    kill: () => child.kill('SIGKILL'),
  }
}
