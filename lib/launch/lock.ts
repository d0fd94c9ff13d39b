import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isLocked } from '#lib/db/sqlite-error.ts'
import { lockFailed } from '#lib/db/words.ts'

/** A held lock. It ends with the process, however the process ends: no stale file is left to be cleared. */
export interface Lock {
  release(): void
}

const inUse = (folder: string): string =>
  `The data folder ${folder} is in use by another Limerick${ownerOf(folder)}. Stop that one, or choose another folder with LIMERICK_DATA.`

const ownerFile = (folder: string): string => path.join(folder, 'lock-owner')

/** @returns " (process 123)", or nothing where it is not known */
function ownerOf(folder: string): string {
  try {
    return ` (process ${Number(readFileSync(ownerFile(folder), 'utf8'))})`
  } catch {
    return ''
  }
}

/**
 * Makes the data folder (for its owner alone) and takes it for this process.
 * @throws Error with words for the user, when another Limerick holds it or the lock file cannot be used
 */
export function lockDataFolder(folder: string): Lock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, 'lock.db')
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // To lock an empty file is to write to it, which a full disk refuses.
    if (database.prepare('pragma user_version').get()?.user_version === 0)
      database.exec('pragma user_version = 1')
    database.exec('begin exclusive')
  } catch (cause) {
    database.close()
    if (isLocked(cause)) throw new Error(inUse(folder), { cause })
    throw lockFailed(file, cause)
  }
  writeFileSync(ownerFile(folder), String(process.pid), { mode: 0o600 })
  return { release: () => database.close() }
}
