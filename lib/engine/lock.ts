import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { isLocked } from '#lib/db/sqlite-error.ts'
import { lockFailed } from '#lib/db/words.ts'

/** Between two tries, in ms. */
const RETRY = 25

/** A handle that nobody holds would be collected, and the lock with it. */
const held: DatabaseSync[] = []

/**
 * Makes this process the only owner of a folder, for as long as it lives: the kernel frees the lock with the process,
 * so a start right after kill -9 finds no stale one.
 * @param patience ms to wait for an owner that is on its way out
 * @throws when another living process still owns the folder
 */
export async function lockFolder(folder: string, patience = 1_500): Promise<void> {
  const file = path.join(folder, 'lock.db')
  const lock = new DatabaseSync(file)
  for (const start = performance.now(); ; await pause(RETRY)) {
    try {
      // To lock an empty file is to write to it, which a full disk refuses.
      if (lock.prepare('pragma user_version').get()?.user_version === 0) lock.exec('pragma user_version = 1')
      lock.exec('begin exclusive')
      held.push(lock)
      return
    } catch (thrown) {
      if (!isLocked(thrown)) throw lockFailed(file, thrown)
      if (performance.now() - start > patience)
        throw new Error(`The engine's folder is in use by another process: ${folder}`, { cause: thrown })
    }
  }
}
