import { chmodSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** Write permission of the group and of everyone else. */
const OTHERS_WRITE = 0o022

/** Our own folder, or an empty one: no other program relies on its permissions. */
const isOurs = (folder: string): boolean => {
  const names = readdirSync(folder)
  return names.length === 0 || names.includes('lock.db')
}

const refuse = (folder: string, why: string): Error =>
  new Error(
    `Other users of this computer can write to the data folder ${folder}, so they could change what is in it. ${why} Choose a folder of your own with LIMERICK_DATA, or take their permission away: chmod go-w ${JSON.stringify(folder)}`,
  )

/**
 * Removes the write permission of other users from the data folder: with it they could replace even private files. Does
 * nothing when there is no folder yet.
 * @param say called when something was changed
 * @throws Error with a message for the user, when the folder is not ours to change
 */
export function makePrivate(folder: string, say: (line: string) => void): void {
  const found = statSync(path.resolve(folder), { throwIfNoEntry: false })
  // Windows has no such permissions; Node makes these bits up.
  if (!found || process.platform === 'win32' || (found.mode & OTHERS_WRITE) === 0) return
  if (found.uid !== process.getuid?.()) throw refuse(folder, 'It belongs to another user.')
  if (!isOurs(folder)) throw refuse(folder, 'It holds files of other programs.')
  chmodSync(folder, found.mode & 0o7777 & ~OTHERS_WRITE)
  say(`Other users could write to the data folder ${folder}. Now only you can.`)
}
