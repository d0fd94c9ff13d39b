import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import OpenAI from 'openai'
import { signIn } from './session.ts'

/** A running product: the same start file, build and engine as for users. */
export interface Studio {
  url: string
  port: number
  dataFolder: string
  pid: number
  /** Its output so far. */
  output(): string
  /** The address with the token of this start. */
  address: string
  /** The bearer key of /v1. */
  key(): string
  /** The official SDK, pointed at /v1. */
  sdk(): OpenAI
  /** Pids of the studio, its engine and their workers. */
  pids(): number[]
  exitCode(): Promise<number | null>
  /** Pid of the only descendant process whose command line matches. @throws Error when there is none */
  child(command: RegExp): number
  /** Sends SIGTERM and waits for the exit. */
  stop(): Promise<void>
  /** Kills the studio and all its descendants at the same instant. */
  killAll(): Promise<void>
}

interface Options {
  port?: number
  dataFolder?: string
  env?: Record<string, string>
  /** Flags for Node, before the start file. */
  nodeArgs?: string[]
  /** A command, with arguments, that executes the one after it. */
  through?: string[]
}

/** `npm run engine`, running. */
export interface LoneEngine {
  port: number
  key: string
  stop(): Promise<void>
}

/** First port and number of ports: below the range that systems use for outgoing connections. */
const FIRST_PORT = 10_000
const PORTS = 20_000

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** A port reserved until the product takes it: several products start at once. */
export async function freePort(): Promise<number> {
  const port = FIRST_PORT + Math.floor(Math.random() * PORTS)
  return (await isFree(port)) ? port : freePort()
}

const parentOf = (pid: number): number => {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** The process and all its descendants, parents first. */
export function family(pid: number): number[] {
  const all = globSync('/proc/[0-9]*').map((entry) => Number(path.basename(entry)))
  const found = [pid]
  for (const member of found) found.push(...all.filter((candidate) => parentOf(candidate) === member))
  return found
}

/** The command line of a process, to distinguish an engine from a worker. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** Limits a process to a fifth of the time. @returns removes the limit */
export function slowDown(pid: number): () => void {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(pid, name)
    } catch {
      clearInterval(turns) // it has exited
    }
  }
  let turn = 0
  const turns = setInterval(() => signal(turn++ % 5 === 0 ? 'SIGCONT' : 'SIGSTOP'), 20)
  return () => {
    clearInterval(turns)
    signal('SIGCONT')
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()))

/** Environment without the keys and addresses of the developer. */
function environment(
  port: number,
  dataFolder: string,
  extra: Record<string, string> = {},
): NodeJS.ProcessEnv {
  const {
    OPENAI_API_KEY: _key,
    OPENAI_BASE_URL: _url,
    HF_ENDPOINT: _hub,
    HF_TOKEN: _token,
    ...rest
  } = process.env
  const folders = { LIMERICK_DATA: dataFolder, LIMERICK_KEY_FILE: `${dataFolder}.key` }
  return { ...rest, PORT: String(port), ...folders, ...extra }
}

/** Engine and workers cache compiled modules in the data folder; in tests all products share one cache. */
function newDataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-data-'))
  const modules = path.join(tmpdir(), 'limerick-test-modules')
  mkdirSync(modules, { recursive: true })
  symlinkSync(modules, path.join(folder, 'cache'))
  return folder
}

/** The output line with the address and token. */
const READY = /is ready at (\S+)\n/

/**
 * Starts the product on a free port and a new folder and waits until it is ready.
 * @throws Error with its output, when it exits instead
 */
export async function startStudio(options: Options = {}): Promise<Studio> {
  const port = options.port ?? (await freePort())
  const dataFolder = options.dataFolder ?? newDataFolder()
  const node = [process.execPath, ...(options.nodeArgs ?? []), '--conditions=react-server', 'lib/start.js']
  const [command = '', ...args] = [...(options.through ?? []), ...node]
  const child = spawn(command, args, {
    env: environment(port, dataFolder, options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => READY.test(printed) && resolve())
    child.once('exit', (code) => reject(new Error(`Limerick ended with ${code}:\n${printed}`)))
  })
  const pid = child.pid ?? 0
  const kept = (name: string) => readFileSync(path.join(dataFolder, name), 'utf8').trim()
  const key = () => kept('key')
  const [, address = ''] = READY.exec(printed) ?? []
  await signIn(address)
  return {
    url: `http://localhost:${port}`,
    port,
    dataFolder,
    pid,
    output: () => printed,
    address,
    key,
    sdk: () => new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: key(), maxRetries: 0 }),
    pids: () => family(pid),
    async exitCode() {
      await ended(child)
      return child.exitCode
    },
    child(command) {
      const found = family(pid).find((member) => command.test(commandOf(member)))
      if (found === undefined) throw new Error(`No process of the studio is ${command}.`)
      return found
    },
    async stop() {
      child.kill('SIGTERM')
      await ended(child)
    },
    async killAll() {
      for (const member of family(pid)) {
        try {
          process.kill(member, 'SIGKILL')
        } catch {
          // Already exited: its parent was killed just before.
        }
      }
      await ended(child)
    },
  }
}

/** Stops the product and removes its folder. */
export async function discard(studio: Studio): Promise<void> {
  await studio.stop()
  rmSync(studio.dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

/** Starts the engine alone on a free port and a new folder, and waits until it is ready. */
export async function startLoneEngine(): Promise<LoneEngine> {
  const [port, dataFolder] = [await freePort(), newDataFolder()]
  const args = ['--conditions=react-server', 'lib/start.js', 'engine', '--port', String(port)]
  const child = spawn(process.execPath, args, {
    env: environment(port, dataFolder),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk
      if (READY.test(printed)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`The engine ended with ${code}: ${printed}`)))
  })
  return {
    port,
    key: readFileSync(path.join(dataFolder, 'key'), 'utf8').trim(),
    async stop() {
      child.kill('SIGTERM')
      await ended(child)
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}
