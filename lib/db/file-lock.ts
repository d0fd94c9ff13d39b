import { DatabaseSync } from 'node:sqlite'
import { isLocked } from './sqlite-error.ts'
import { lockFailed } from './words.ts'

/** A held lock. It ends with the process, however the process ends: no stale file is left to be cleared. */
export interface Lock {
  release(): void
}

/** A handle that nobody holds would be collected, and the lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Takes a file for this process: the lock is the kernel's.
 * @param file in a folder that is there; it is made
 * @returns the refusal, while another process holds it
 * @throws Error with words for the user, when the file cannot be used
 */
export function lockFile(file: string): Lock | { refusal: unknown } {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // To lock an empty file is to write to it, which a full disk refuses.
    if (database.prepare('pragma user_version').get()?.user_version === 0)
      database.exec('pragma user_version = 1')
    database.exec('begin exclusive')
  } catch (cause) {
    database.close()
    if (isLocked(cause)) return { refusal: cause }
    throw lockFailed(file, cause)
  }
  held.add(database)
  const release = () => {
    held.delete(database)
    database.close()
  }
  return { release }
}
