import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { env } from '#lib/env.ts'

/** Mode of a file that only its owner may read and write. */
const OWNER_ONLY = 0o600

/** The path of a file in the data folder. */
export const privateFile = (name: string): string =>
  path.join(/* turbopackIgnore: true */ env().dataFolder, name)

/** Writes a file of the data folder that no other user can read, even if an older one was open to them. */
export function writePrivateFile(name: string, text: string): void {
  const file = privateFile(name)
  writeFileSync(file, text, { mode: OWNER_ONLY, flush: true })
  chmodSync(file, OWNER_ONLY)
}

/** @throws ENOENT before the first write */
export const readPrivateFile = (name: string): string =>
  readFileSync(/* turbopackIgnore: true */ privateFile(name), 'utf8').trim()
