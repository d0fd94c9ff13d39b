import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnv } from '#lib/core/child-env.ts'
import { endChild } from '#lib/core/end-child.ts'
import { setEngineAddress, setEngineOutage, setEngineRestart } from '#lib/providers/registry.ts'
import { type HeartbeatWaits, watchHeart } from './engine-heartbeat.ts'

const MAIN = fileURLToPath(new URL('../engine/main.ts', import.meta.url))

/** All in ms; parameters, so that tests need not wait. */
interface EngineWaits extends HeartbeatWaits {
  /** From its start until it listens; then it is killed and restarted. */
  start: number
  /** Longest wait before the next start. */
  longest: number
}

const WAITS: EngineWaits = {
  beat: 1_000,
  silent: 5_000,
  dead: 15_000,
  start: 60_000,
  longest: 60_000,
}

/** A lifetime longer than this, in ms, counts as healthy: the next wait is short again. */
const HEALTHY = 60_000

/** Deaths in a row after which the user is told that it does not start. */
const EARLY_DEATHS = 3

interface Settings {
  dataFolder: string
  modelsFolder: string | null
  /** In bytes. */
  memoryLimit: number | null
  /** Path of a Python interpreter for the trl trainer. */
  python: string | null
  /** Where one is made on request; none is if left out. */
  environment?: { folder: string; variables: Record<string, string> }
  /** A Ray cluster for the trl trainer; none if left out. */
  cluster?: { address: string; token: string | null; folder: string; python: string } | null
  /** A vLLM server that answers; none if left out. */
  vllm?: { address: string; key: string | null } | null
  torchAnswers?: 'auto' | 'always' | 'never'
  /** Where it downloads models from; the shipped address if left out. */
  hub?: { endpoint: string; token: string | null }
  /** Where it listens, and with which key; for this process alone if left out. */
  listen?: { host: string; port: number; key: string }
}

/** As in lib/engine/settings.ts: the engine is another program, so nothing is imported. */
type Report = { kind: 'listening'; port: number } | { kind: 'alive' } | { kind: 'failed'; reason: string }

const log = (line: string): void => console.error(line)

/** One lifetime of the engine. */
interface Lifetime {
  child: ChildProcess
  /** Settles when it listens. */
  listening: Promise<void>
  /** Why it ended, for the user; never rejects. */
  over: Promise<string>
}

function live(
  {
    dataFolder,
    modelsFolder,
    memoryLimit,
    python,
    environment,
    cluster,
    vllm,
    torchAnswers,
    hub,
    listen,
  }: Settings,
  waits: EngineWaits,
): Lifetime {
  const { host = '127.0.0.1', port = 0, key = randomBytes(24).toString('base64url') } = listen ?? {}
  const child = fork(MAIN, {
    env: childEnv({ NODE_COMPILE_CACHE: path.join(dataFolder, 'cache') }),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => child.kill('SIGKILL')
  const listening = Promise.withResolvers<void>()
  const over = Promise.withResolvers<string>()
  let reason: string | null = null
  let heart: ReturnType<typeof watchHeart> | null = null
  const late = setTimeout(() => {
    reason = `it did not begin to listen within ${waits.start / 1000} s`
    kill()
  }, waits.start)
  child.on('message', (report: Report) => {
    if (report.kind === 'failed') reason = report.reason
    if (report.kind === 'alive') heart?.beat()
    if (report.kind !== 'listening') return
    clearTimeout(late)
    heart = watchHeart(waits, kill)
    setEngineAddress({ baseURL: `http://127.0.0.1:${report.port}/v1`, key })
    listening.resolve()
  })
  let ended = false
  const end = (how: string) => {
    if (ended) return
    ended = true
    clearTimeout(late)
    heart?.stop()
    setEngineAddress(null)
    over.resolve(reason ?? how)
  }
  child.once('exit', (code, signal) => end(`its process ended with ${signal ?? `exit code ${code}`}`))
  // The system had no process or file to spare, or the channel broke: restarted like after a death.
  child.on('error', (error) => {
    kill()
    end(`its process could not be started or reached (${error.message})`)
  })
  const folder = path.join(dataFolder, 'engine')
  const settings = {
    ...{
      folder,
      key,
      host,
      port,
      modelsFolder,
      memoryLimit,
      python,
      environment,
      cluster,
      vllm,
      torchAnswers,
    },
    hub,
    parent: process.pid,
  }
  // If the child has already exited, its exit handler reports it.
  if (child.connected) child.send(settings, () => {})
  return { child, listening: listening.promise, over: over.promise }
}

export interface KeptEngine {
  /** Settles when the first one listens, or with the reason when it died too often or takes too long. */
  ready: Promise<string | null>
  /** SIGTERM, and SIGKILL after `patience` ms. Settles when the process is gone. */
  stop(patience: number): Promise<void>
}

/** Keeps one engine alive until it is stopped: restarts it when it dies, each time after a longer wait. */
export function keepEngine(settings: Settings, given: Partial<EngineWaits> = {}): KeptEngine {
  const waits = { ...WAITS, ...given }
  const ready = Promise.withResolvers<string | null>()
  let stopped = false
  let failures = 0
  let life: Lifetime | null = null
  let state: 'gone' | 'starting' | 'listening' = 'gone'
  let next: NodeJS.Timeout | undefined

  function died(since: number, reason: string): void {
    state = 'gone'
    if (stopped) return
    failures = Date.now() - since > HEALTHY ? 1 : failures + 1
    log(`The built-in engine ended: ${reason}`)
    setEngineOutage(failures < EARLY_DEATHS ? null : ['providers.engineDoesNotStart', { reason }])
    if (failures >= EARLY_DEATHS) ready.resolve(reason)
    next = setTimeout(start, Math.min(waits.longest, 250 * 2 ** failures))
  }

  function start(): void {
    const since = Date.now()
    try {
      life = live(settings, waits)
      state = 'starting'
    } catch (thrown) {
      died(since, thrown instanceof Error ? thrown.message : String(thrown))
      return
    }
    life.listening.then(() => {
      state = 'listening'
      ready.resolve(null)
    })
    life.over.then((reason) => died(since, reason))
  }

  function restart(): void {
    if (stopped || state === 'starting') return // it has a limit of its own
    log('The built-in engine is restarted, as asked.')
    failures = 0
    clearTimeout(next)
    if (state === 'listening') life?.child.kill('SIGKILL')
    else start()
  }

  setEngineRestart(restart)
  start()
  setTimeout(() => ready.resolve('it is still starting'), waits.start).unref()
  return {
    ready: ready.promise,
    async stop(patience) {
      stopped = true
      setEngineRestart(null)
      clearTimeout(next)
      if (life) await endChild(life.child, patience)
    },
  }
}
