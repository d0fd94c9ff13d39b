import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('./worker/main.ts', import.meta.url))
/** Of what a process prints before it dies, this much is kept, in characters. */
const LAST_WORDS = 2_000

export interface WorkerProcess<Request, Report> {
  send: (request: Request) => void
  /** Ends when the process is gone and everything it said has been read. */
  reports: AsyncIterable<Report>
  /** How it ended: `SIGKILL`, or `exit code 1: <last line of its error output>`. */
  ended: Promise<string>
  kill: () => void
}

/** An environment built from nothing: a worker never holds anybody's key. */
export const bareEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(path|systemroot|node_.*)$/i.test(name)),
  ) as NodeJS.ProcessEnv

/** No path of this computer leaves the engine. */
export const withoutPaths = (text: string): string =>
  text.replace(/(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][\w.@-]+){2,}/g, '…')

async function ending(child: ChildProcess): Promise<string> {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS)
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(withoutPaths(error.message)))
    child.once('close', (code, signal) => {
      const line = words.trim().split('\n').at(-1)?.trim()
      resolve(signal ?? `exit code ${code}${line ? `: ${withoutPaths(line)}` : ''}`)
    })
  })
}

async function* messages<Report>(child: ChildProcess): AsyncGenerator<Report> {
  for await (const [report] of on(child, 'message', { close: ['disconnect'] })) yield report as Report
}

/** The generator may read and load ONNX Runtime, nothing else: no writing, no network, no processes of its own. */
const readOnly = [
  '--permission',
  '--allow-addons',
  '--disable-warning=SecurityWarning', // it says that addons could do more; ours is the one we ship
  '--allow-fs-read=*',
]

/** Starts a process of its own for the work that blocks its thread; it ends with us, and may be killed at any time. */
export function startWorker<Request extends object, Report>(
  role: 'train' | 'generate',
): WorkerProcess<Request, Report> {
  const child = fork(entry, [role], {
    execArgv: role === 'generate' ? readOnly : [], // Node refuses fsync under permissions, and checkpoints need it
    env: bareEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ended = ending(child)
  const reports = messages<Report>(child)
  return {
    send: (request) => {
      if (child.connected) child.send(request)
    },
    reports,
    ended,
    kill: () => child.kill('SIGKILL'),
  }
}
