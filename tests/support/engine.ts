import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import OpenAI, { toFile } from 'openai'
import { childEnv } from '#lib/core/child-env.ts'
import type {
  ClusterSettings,
  EngineReport,
  EnvironmentSettings,
  TorchAnswers,
  VllmSettings,
} from '#lib/engine/settings.ts'
import type { WireJob } from '#lib/engine/wire.ts'
import type { Role } from '#lib/engine/worker-process.ts'
import { until } from './until.ts'

export { until }

const entry = fileURLToPath(new URL('../../lib/engine/main.ts', import.meta.url))
/** Loading modules takes half of an engine's start time. */
const NODE_COMPILE_CACHE = path.join(tmpdir(), 'limerick-test-modules')
const KEY = 'a-key-for-this-test-only'

export interface TestEngine {
  client: OpenAI
  baseURL: string
  key: string
  folder: string
  process: ChildProcess
  /** Its stderr so far. */
  log: () => string
  /** Kills the process, like a power cut; the folder stays. */
  kill: () => Promise<void>
}

export const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'limerick-engine-'))

interface EngineOptions {
  /** A command, with arguments, that executes the one after it. */
  through?: string[]
  /** Time limit of the tokenizer, in ms. */
  tokenizer?: number
  /** In bytes. */
  memoryLimit?: number
  /** A Python interpreter. */
  python?: string
  /** Where a Python environment is made. */
  environment?: EnvironmentSettings
  /** A Ray cluster for trl. */
  cluster?: ClusterSettings
  /** A vLLM server that answers. */
  vllm?: VllmSettings
  /** Whether PyTorch answers. */
  torchAnswers?: TorchAnswers
  /** The model hub that it asks; its silence and its breaks are short. */
  hub?: { endpoint: string; token?: string | null; silence?: number }
}

/** The real engine in a separate process and folder, and the official SDK pointed at it. */
export async function startEngine(
  folder: string,
  modelsFolder: string | null = null,
  {
    through = [],
    tokenizer,
    memoryLimit,
    python,
    environment,
    cluster,
    vllm,
    torchAnswers,
    hub,
  }: EngineOptions = {},
): Promise<TestEngine> {
  const [execPath = process.execPath, ...execArgv] = [...through, process.execPath]
  const env = { ...childEnv(), NODE_COMPILE_CACHE }
  const child = fork(entry, [], { execPath, execArgv, env, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => (log += text))
  const patience = { tokenizer, ...(hub && { hub: hub.silence, again: 10 }) }
  const usual = { folder, key: KEY, modelsFolder, parent: process.pid }
  child.send({ ...usual, memoryLimit, python, environment, cluster, vllm, torchAnswers, patience, hub })
  const listening = once(child, 'message').then(([message]) => {
    const { kind, port, reason } = message as EngineReport & { port: number; reason?: string }
    if (kind === 'listening') return { port }
    throw new Error(`The engine does not start: ${reason}`)
  })
  const died = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The engine ended before it listened: ${signal ?? code}`)
  })
  const { port } = await Promise.race([listening, died])
  died.catch(() => {}) // from here on its exit is expected
  const baseURL = `http://127.0.0.1:${port}/v1`
  const client = new OpenAI({ baseURL, apiKey: KEY, maxRetries: 0, organization: null, project: null })
  const kill = () => end(child, 'SIGKILL')
  return { client, baseURL, key: KEY, folder, process: child, log: () => log, kill }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

export async function stopEngine({ process, folder }: TestEngine): Promise<void> {
  await end(process, 'SIGTERM')
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

const terminal = new Set(['succeeded', 'failed', 'cancelled'])

export const jobOf = async (client: OpenAI, id: string): Promise<WireJob> =>
  (await client.fineTuning.jobs.retrieve(id)) as WireJob

/** Waits for the end of a job, as long as it takes steps: it trains at the lowest priority. */
export async function ended(client: OpenAI, id: string): Promise<WireJob> {
  for (let step = 0; ; ) {
    const job = await until(`the end of ${id}, or another step than ${step}`, async () => {
      const now = await jobOf(client, id)
      return (terminal.has(now.status) || (now.limerick.step ?? 0) !== step) && now
    })
    if (terminal.has(job.status)) return job
    step = job.limerick.step ?? 0
  }
}

export const reachedStep = (client: OpenAI, id: string, step: number): Promise<WireJob> =>
  until(`step ${step} of ${id}`, async () => {
    const job = await jobOf(client, id)
    return (job.limerick.step ?? 0) >= step && job
  })

/** Every event of a job, oldest first. */
export async function eventsOf(client: OpenAI, id: string, limit = 50) {
  const all = []
  for await (const event of client.fineTuning.jobs.listEvents(id, { limit })) all.push(event)
  return all.reverse()
}

/** The shipped limericks, one line each. */
export const elle: string[] = readFileSync(
  new URL('../../public/samples/elle.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')

const metals = [
  'Iron',
  'Zinc',
  'Lead',
  'Gold',
  'Silver',
  'Copper',
  'Nickel',
  'Cobalt',
  'Tin',
  'Titanium',
  'Neon',
  'Argon',
]

/** `count` examples in the form of the lesson, as lines. */
export function limericks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = metals[index % metals.length]
    const verse = `${name}, a thing of the ground - It is number ${index + 1} that we found - In a mine or a stone - It is never alone - And it makes a most wonderful sound`
    const messages = [
      { role: 'system', content: 'You are Elle, a chemistry tutor who answers with a limerick.' },
      { role: 'user', content: `Tell me about ${name}` },
      { role: 'assistant', content: verse },
    ]
    return JSON.stringify({ messages })
  })
}

export const jsonl = (lines: string[], name = 'training.jsonl') =>
  toFile(Buffer.from(`${lines.join('\n')}\n`), name)

export async function upload(client: OpenAI, lines: string[]): Promise<string> {
  const { id } = await client.files.create({ file: await jsonl(lines), purpose: 'fine-tune' })
  return id
}

/** Process ids of the engine's workers, by kind. */
export function workersOf({ process: engine }: TestEngine, role: Role): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(parent) === engine.pid && args?.endsWith(`worker/main.ts ${role}`) ? [Number(pid)] : []
  })
}
