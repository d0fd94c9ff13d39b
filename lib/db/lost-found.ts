import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'

const NAME = 'lost+found'

/** Days that files are kept there. */
const DAYS = 30

const DAY = 86_400_000 // ms

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** A free name in a folder, so that nothing is overwritten. */
function freeName(folder: string, name: string): string {
  let candidate = path.join(folder, name)
  for (let count = 2; existsSync(candidate); count++) candidate = path.join(folder, `${name}-${count}`)
  return candidate
}

/**
 * Moves files that the database does not know from `root/folder` to `root/lost+found/YYYY-MM-DD/folder`, and logs it. An
 * interrupted write leaves such files, but so does a database restored from a backup: never delete them here.
 */
export async function moveStrangers(
  root: string,
  folder: string,
  isKnown: (name: string) => boolean,
): Promise<void> {
  const strangers = (await namesIn(path.join(root, folder))).filter((name) => !isKnown(name))
  if (strangers.length === 0) return
  const day = new Date().toISOString().slice(0, 10)
  const place = path.join(root, NAME, day, folder)
  await mkdir(place, { recursive: true, mode: 0o700 })
  for (const name of strangers) await rename(path.join(root, folder, name), freeName(place, name))
  console.log(
    `The database does not know ${strangers.length} of the files in ${path.join(root, folder)}. They were moved to ${place} and are deleted after ${DAYS} days.`,
  )
}

/** Deletes files that were moved more than 30 days before `now` (ms since 1970). */
export async function emptyLostFound(root: string, now = Date.now()): Promise<void> {
  for (const day of await namesIn(path.join(root, NAME))) {
    const isOurs = /^\d{4}-\d\d-\d\d$/.test(day)
    if (isOurs && now - Date.parse(day) > (DAYS + 1) * DAY)
      await rm(path.join(root, NAME, day), { recursive: true, force: true })
  }
}
