import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveEngine } from '#lib/providers/registry.ts'

const MAIN = fileURLToPath(new URL('../engine/main.ts', import.meta.url))

/** Longest wait before the engine is started once more after it died, in ms. */
const MAX_WAIT = 60_000

/** A run longer than this, in ms, counts as healthy: the next wait is short again. */
const HEALTHY = 60_000

interface Settings {
  dataFolder: string
  modelsFolder: string | null
}

/** Nothing of the studio's environment crosses over: the engine never holds a provider's key. */
const bareEnvironment = (dataFolder: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  // Compiled modules of the last start: the engine and each worker begin in half the time.
  NODE_COMPILE_CACHE: path.join(dataFolder, 'cache'),
})

function spawnEngine({ dataFolder, modelsFolder }: Settings, onListening: () => void): ChildProcess {
  const key = randomBytes(24).toString('base64url')
  const child = fork(MAIN, {
    env: bareEnvironment(dataFolder),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', (message: { kind?: string; port?: number }) => {
    if (message.kind !== 'listening') return
    serveEngine({ baseURL: `http://127.0.0.1:${message.port}/v1`, key })
    onListening()
  })
  const settings = { folder: path.join(dataFolder, 'engine'), key, modelsFolder, parent: process.pid }
  // One that died before it could read is told of by its exit.
  child.send(settings, () => undefined)
  return child
}

/**
 * Keeps one engine alive as long as the signal lasts: started again when it dies, sooner at first, later later.
 * @returns when the first one listens
 */
export function keepEngine(settings: Settings, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let failures = 0
    let child: ChildProcess | undefined
    const start = () => {
      if (signal.aborted) return
      const since = Date.now()
      child = spawnEngine(settings, resolve)
      child.on('exit', () => {
        serveEngine(undefined)
        failures = Date.now() - since > HEALTHY ? 0 : failures + 1
        setTimeout(start, Math.min(MAX_WAIT, 250 * 2 ** failures)).unref()
      })
    }
    signal.addEventListener('abort', () => child?.kill('SIGTERM'))
    start()
  })
}
