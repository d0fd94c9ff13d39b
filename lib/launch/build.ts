import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** What the pages are made of. The engine runs unbundled: its files never make a build stale. */
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

/**
 * Builds the pages when there is no build of exactly these sources.
 * @param onBuild called before a build, which takes tens of seconds
 */
export async function ensureBuild(onBuild: () => void): Promise<void> {
  const hash = sourceHash()
  if (isFresh(hash)) return
  onBuild()
  await runNext()
  writeFileSync(STAMP, hash)
}
