/** A Python environment for trl, made when the user asks for it: the pinned packages of trainer/, by pip. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childEnv } from '#lib/core/child-env.ts'
import { writeText } from '#lib/core/durable-file.ts'
import { endChild } from '#lib/core/end-child.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { apiError } from '../api-error.ts'
import type { EnvironmentSettings } from '../settings.ts'
import type { WireEnvironment } from '../wire.ts'

/** Bytes of the packages, with those that PyTorch brings for NVIDIA GPUs; and while they are unpacked. */
const SIZE = 5.6e9
const WHILE = 9e9

/** ms for pip to leave when it is cancelled. */
const PATIENCE = 3_000

const REQUIREMENTS = fileURLToPath(new URL('../../../trainer/requirements.txt', import.meta.url))

/** What pip says of its progress. The rest may hold the addresses of indexes, with their passwords. */
const PROGRESS =
  /^(Collecting|Downloading|Using cached|Installing collected packages|Successfully installed)\b[^/\n]*/

const OLD = 'import sys; sys.exit(sys.version_info < (3, 11))'

interface Step {
  words: string
  argv: [string, ...string[]]
  /** In place of the program's own last words. */
  otherwise?: string
}

/**
 * @param given an interpreter that the user has set up: then none is made
 * @param changed called when one has been made
 */
export function createEnvironment(
  { folder, variables }: EnvironmentSettings,
  given: string | null,
  changed: () => void,
) {
  const place = path.join(
    folder,
    `python-${createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16)}`,
  )
  const program = path.join(place, 'bin', 'python')
  const complete = path.join(place, 'complete')
  let child: ChildProcess | null = null
  let making = false
  let cancelled = false
  let doing = ''
  let problem: string | null = null

  const steps: Step[] = [
    {
      words: 'looking for Python',
      argv: ['python3', '-c', OLD],
      otherwise: 'there is no Python 3.11 or newer on this computer',
    },
    { words: 'making the environment', argv: ['python3', '-m', 'venv', place] },
    {
      words: 'asking for the packages',
      argv: [program, '-m', 'pip', 'install', '--no-input', '--require-hashes', '-r', REQUIREMENTS],
    },
  ]

  /** @returns why it failed, as a clause; null: it did not */
  function run({ words, argv: [file, ...args], otherwise }: Step): Promise<string | null> {
    doing = words
    let last = ''
    const env = childEnv({ HOME: homedir(), PIP_DISABLE_PIP_VERSION_CHECK: '1', ...variables })
    const started = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    for (const stream of [started.stdout, started.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        const [progress] = PROGRESS.exec(line.trim()) ?? []
        if (progress) doing = progress.slice(0, 120)
        if (/^ERROR: /.test(line)) last = line.slice(7, 300).replace(/\b[a-z]{2,8}:\/\/\S*/g, '…')
      })
    return new Promise((resolve) => {
      started.once('error', (error) => resolve(otherwise ?? error.message))
      started.once('close', (code, signal) => {
        if (code === 0) resolve(null)
        else
          resolve(otherwise ?? (last || `${path.basename(file)} ended with ${signal ?? `exit code ${code}`}`))
      })
    })
  }

  async function make(): Promise<void> {
    rmSync(place, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const step of steps) {
      const failure = await run(step)
      if (cancelled) return
      if (failure !== null) {
        problem = failure
        return
      }
    }
    writeText(complete, '')
    changed()
  }

  const isThere = (): boolean => existsSync(complete)

  return {
    /** Path of the interpreter; null: there is none. */
    python: (): string | null => given ?? (isThere() ? program : null),

    /** Without effect while it is made, or where there is one. @throws AppError `disk_full` for too little room */
    async begin(): Promise<void> {
      if (given !== null || isThere() || making) return
      if (process.platform === 'win32')
        throw apiError('invalid', 'The trl trainer runs on Linux and macOS only.')
      ;[making, cancelled, problem] = [true, false, null]
      try {
        mkdirSync(folder, { recursive: true })
        await expectSpace(folder, WHILE)
      } catch (thrown) {
        making = false
        throw thrown
      }
      make()
        .catch((thrown) => {
          problem = thrown instanceof Error ? thrown.message : String(thrown)
        })
        .finally(() => {
          ;[making, child] = [false, null]
          if (!isThere()) rmSync(place, { recursive: true, force: true })
        })
    },

    /** Deletes what is there of an unfinished one. */
    async cancel(): Promise<void> {
      cancelled = true
      if (child) await endChild(child, PATIENCE)
    },

    state: (): WireEnvironment => ({
      state: given !== null ? 'given' : isThere() ? 'ready' : making ? 'making' : problem ? 'failed' : 'none',
      doing: making ? doing : null,
      problem,
      bytes: SIZE,
    }),
  }
}
