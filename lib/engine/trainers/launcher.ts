import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { constants, setPriority } from 'node:os'
import { bootId, processInfo, processTree } from '#lib/core/process-info.ts'
import { withoutPaths } from '../worker-process.ts'
import { claim, forgetClaim, type RunFolder, readClaim } from './run-folder.ts'

/** What to run, with its whole environment: nothing is inherited, so no key of this process is. */
export interface Command {
  argv: readonly string[]
  env: Record<string, string>
  /** It works on the processor, where chats and the studio come first. */
  yields: boolean
}

/** `code`: null if a signal ended it, or if nobody was there to learn of it; `reason` says in words what is known. */
export interface Ended {
  code: number | null
  reason: string
}

/** `waits`: why it is not known to be at work, as a clause. null: no process, or one whose end has been dealt with. */
export type RunState = 'running' | { waits: string } | Ended | null

/** What has ended, or never was. */
export const endOf = (state: RunState): Ended | null =>
  state !== null && typeof state === 'object' && 'reason' in state ? state : null

/** Where trainers run: here, or on a cluster. A run has one process at most, however often it is started. */
export interface Launcher {
  /** ms between two looks at a run. */
  readonly look: number
  /** Without effect on a run that is running. @throws if no process can be started */
  start: (run: RunFolder, command: Command) => Promise<void>
  state: (run: RunFolder) => Promise<RunState>
  /** Whether the process ended with the whole computer, and is not to blame for it. */
  wasCutOff: (run: RunFolder) => boolean
  /** At once, with all that it has started. */
  kill: (run: RunFolder) => void
  /** The end of its process has been dealt with. */
  forget: (run: RunFolder) => void
}

/** ms between two looks at a process. */
const LOOK = 250

/** Waits for a line, which comes when the process has been noted: none is ever at work that an engine does not know. */
const GATE = 'read -r line && exec "$@" </dev/null'

/** Bytes of what a trainer's libraries print, and what stays of it when it becomes more. */
const LOG = 8 << 20
const LOG_KEPT = 4 << 20

/** Characters of the log that may hold its last line. */
const LAST_WORDS = 2_000

function lastLine({ log }: RunFolder): string {
  const words = existsSync(log) ? readFileSync(log, 'utf8').slice(-LAST_WORDS).trim() : ''
  return withoutPaths(words.split('\n').at(-1)?.trim() ?? '')
}

/** The file is open for appending by the trainer: what it prints meanwhile lands behind. */
export function capLog({ log }: RunFolder, most = LOG, kept = LOG_KEPT): void {
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) <= most) return
  const file = openSync(log, 'r+')
  try {
    const { size } = fstatSync(file)
    const end = Buffer.alloc(kept)
    readSync(file, end, 0, kept, size - kept)
    ftruncateSync(file, 0)
    writeSync(file, end, 0, kept, 0)
  } finally {
    closeSync(file)
  }
}

/** Processes on this computer, each in its own process group: they outlive the engine, which finds them again. */
export function localLauncher(): Launcher {
  const boot = bootId()
  const children = new Map<string, ChildProcess>()

  const isAlive = (run: RunFolder): boolean => {
    const child = children.get(run.root)
    if (child) return child.exitCode === null && child.signalCode === null
    const by = readClaim(run)
    return by !== null && by.boot === boot && processInfo(by.pid)?.started === by.started
  }

  function endOfChild(run: RunFolder): Ended {
    const { exitCode = null, signalCode = null } = children.get(run.root) ?? {}
    if (exitCode === null) return { code: null, reason: signalCode ?? 'nobody was there to learn why' }
    const line = lastLine(run)
    return { code: exitCode, reason: `exit code ${exitCode}${line ? `: ${line}` : ''}` }
  }

  function stateOf(run: RunFolder): RunState {
    if (!children.has(run.root) && readClaim(run) === null) return null
    return isAlive(run) ? 'running' : endOfChild(run)
  }

  return {
    look: LOOK,
    state: async (run) => stateOf(run),
    wasCutOff(run) {
      const by = readClaim(run)
      return by !== null && by.boot !== boot
    },

    async start(run, { argv, env, yields }) {
      if (stateOf(run) === 'running') return
      const log = openSync(run.log, 'a', 0o600)
      const child = spawn('/bin/sh', ['-c', GATE, 'sh', ...argv], {
        cwd: run.root,
        env: env as NodeJS.ProcessEnv, // nothing more, NODE_ENV neither
        detached: true,
        stdio: ['pipe', log, log],
      })
      closeSync(log)
      await once(child, 'spawn') // rejects on `error`
      child.stdin?.on('error', () => undefined) // it has ended already: its state says so
      try {
        const pid = child.pid as number
        if (yields) setPriority(pid, constants.priority.PRIORITY_LOW)
        claim(run, { pid, started: processInfo(pid)?.started ?? '', boot })
        children.set(run.root, child)
        child.stdin?.write('\n')
      } finally {
        child.stdin?.end()
        child.unref()
      }
    },

    kill(run) {
      const by = readClaim(run)
      if (!by || !isAlive(run)) return
      // The processes of several devices have groups of their own.
      for (const pid of processTree(by.pid))
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended meanwhile.
        }
    },

    forget(run) {
      children.delete(run.root)
      forgetClaim(run)
    },
  }
}
