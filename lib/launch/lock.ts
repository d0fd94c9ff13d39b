import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Lock, lockFile } from '#lib/db/file-lock.ts'

const inUse = (folder: string): string =>
  `The data folder ${folder} is in use by another Limerick${ownerOf(folder)}. Stop that one, or choose another folder with LIMERICK_DATA.`

const ownerFile = (folder: string): string => path.join(folder, 'lock-owner')

/** @returns " (process 123)", or nothing if unknown */
function ownerOf(folder: string): string {
  try {
    return ` (process ${Number(readFileSync(ownerFile(folder), 'utf8'))})`
  } catch {
    return ''
  }
}

/**
 * Makes the data folder (for its owner alone) and locks it for this process.
 * @throws Error with a message for the user, when another Limerick holds it or the lock file cannot be used
 */
export function lockDataFolder(folder: string): Lock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFile(path.join(folder, 'lock.db'))
  if ('refusal' in lock) throw new Error(inUse(folder), { cause: lock.refusal })
  writeFileSync(ownerFile(folder), String(process.pid), { mode: 0o600 })
  return lock
}
