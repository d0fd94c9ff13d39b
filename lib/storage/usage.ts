import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { env } from '#lib/env.ts'
import { PARTS, type Part, type Usage } from './schema.ts'
import { getSpace } from './space.ts'

/** What lies where in the data folder (docs/backup.md). */
const PLACES: readonly [where: RegExp, part: Part][] = [
  [/\.before-/, 'backups'],
  [/^(engine\/)?(studio|engine)\.db/, 'database'],
  [/^blobs\//, 'rows'],
  [/^archive\//, 'archive'],
  [/^engine\/(files|parts)\//, 'files'],
  [/^engine\/(jobs|adapters|models|downloads)\//, 'models'],
  [/^(engine\/)?lost\+found\//, 'lost'],
  [/^(engine\/)?(tmp|cache)\//, 'temporary'],
]

const partOf = (file: string): Part => PLACES.find(([where]) => where.test(file))?.[1] ?? 'other'

/** Files below a folder, by their paths from it; links are not followed, and what goes meanwhile is left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)).replaceAll('\\', '/'))
}

/** What the data folder takes of the disk, by what it holds. A file with two names counts once. */
export async function getUsage(): Promise<Usage> {
  const { dataFolder } = env()
  const sums = new Map<Part, number>()
  const seen = new Set<string>()
  for (const file of await filesBelow(dataFolder)) {
    const found = await lstat(path.join(/* turbopackIgnore: true */ dataFolder, file)).catch(() => null)
    if (!found || (found.nlink > 1 && seen.has(`${found.dev} ${found.ino}`))) continue
    seen.add(`${found.dev} ${found.ino}`)
    const part = partOf(file)
    sums.set(part, (sums.get(part) ?? 0) + found.size)
  }
  const parts = PARTS.map((name) => ({ name, bytes: sums.get(name) ?? 0 })).filter(({ bytes }) => bytes > 0)
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  return { total, free: (await getSpace()).free, parts }
}
