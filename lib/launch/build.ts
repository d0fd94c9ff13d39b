import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Lock, lockFile } from '#lib/db/file-lock.ts'

/** Sources of the pages. The engine runs unbundled: its files never make a build stale. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation-client.ts',
  'next.config.js',
  'postcss.config.mjs',
  'tailwind.config.ts',
  'tsconfig.json',
  'package-lock.json',
]
const UNBUNDLED = path.join('lib', 'engine')

function filesOf(entry: string): string[] {
  if (entry === UNBUNDLED || !existsSync(entry)) return []
  if (path.extname(entry) !== '') return [entry]
  return readdirSync(entry)
    .sort()
    .flatMap((name) => filesOf(path.join(entry, name)))
}

/** SHA-256 over the names and contents of all sources and the lockfile. */
function sourceHash(): string {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap(filesOf))
    hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

const STAMP = path.join('.next', 'limerick-sources')

const isFresh = (hash: string): boolean => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash

function runNext(): Promise<void> {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const child = spawn(process.execPath, [next, 'build'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => child.kill()
  process.once('exit', stop)
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      process.removeListener('exit', stop)
      if (code === 0) resolve()
      else reject(new Error(`The build failed.\n${Buffer.concat(said)}`))
    })
  })
}

/** In the part of the build folder that outlives a build. */
const LOCK = path.join('.next', 'cache', 'limerick-build.db')
/** ms between two checks whether another build has ended. */
const LOOK_AGAIN = 500

async function lockBuilds(): Promise<Lock> {
  mkdirSync(path.dirname(LOCK), { recursive: true })
  for (;;) {
    const lock = lockFile(LOCK)
    if (!('refusal' in lock)) return lock
    await setTimeout(LOOK_AGAIN)
  }
}

/**
 * Builds the pages unless there is a build of exactly these sources. Waits while another process builds.
 * @param onBuild called before a build, which takes tens of seconds
 */
export async function ensureBuild(onBuild: () => void): Promise<void> {
  const hash = sourceHash()
  if (isFresh(hash)) return
  onBuild()
  const lock = await lockBuilds()
  try {
    if (isFresh(hash)) return
    await runNext()
    writeFileSync(STAMP, hash)
  } finally {
    lock.release()
  }
}
