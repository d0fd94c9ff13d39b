import { rm } from 'node:fs/promises'
import path from 'node:path'
import { clearTemporary } from '#lib/datasets/blobs.ts'
import { freeSpace, RESERVE } from '#lib/disk/space.ts'

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

/**
 * Deletes unneeded files before anything is opened: opening a database takes a few kilobytes, and a full disk must not
 * keep the user from reading the data. The cache of compiled modules is deleted only when space is short.
 * @param say called when the disk is full even then
 */
export async function makeRoom(folder: string, say: (line: string) => void): Promise<void> {
  await clearTemporary()
  if ((await freeSpace(folder)) >= RESERVE) return
  await rm(path.join(folder, 'cache'), { recursive: true, force: true })
  const free = await freeSpace(folder)
  if (free < RESERVE)
    say(
      `The disk of the data folder is almost full: ${megabytes(free)} MB are free. Limerick starts, and shows what is there; nothing can be saved until there is more space in ${folder}.`,
    )
}
