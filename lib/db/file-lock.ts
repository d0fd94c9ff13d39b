import { DatabaseSync } from 'node:sqlite'
import { isLocked } from './sqlite-error.ts'
import { lockFailed } from './words.ts'

/** A held lock. The kernel releases it when the process exits, even after a crash, so no stale lock remains. */
export interface Lock {
  release(): void
}

/** References to the handles: garbage collection would release the locks. */
const held = new Set<DatabaseSync>()

/**
 * Locks a file for this process, with a lock of the kernel.
 * @param file created if missing; its folder must exist
 * @returns the refusal, while another process holds the lock
 * @throws Error with words for the user, when the file cannot be used
 */
export function lockFile(file: string): Lock | { refusal: unknown } {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // Locking an empty file would write to it, which fails on a full disk.
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
