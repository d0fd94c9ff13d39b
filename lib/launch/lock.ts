import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isLocked } from '#lib/db/sqlite-error.ts'
import { lockFailed } from '#lib/db/words.ts'

/** A held lock. It ends with the process, however the process ends: no stale file is left to be cleared. */
export interface Lock {
  release(): void
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
    if (!isLocked(cause)) throw lockFailed(file, cause)
    throw new Error(
      `The data folder ${folder} is in use by another Limerick. Stop that one, or choose another folder with LIMERICK_DATA.`,
      { cause },
    )
  }
  return { release: () => database.close() }
}
