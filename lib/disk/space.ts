import { statfs } from 'node:fs/promises'
import { AppError } from '#lib/core/errors.ts'

/** Bytes that stay free: with none left nothing could be deleted either, since a delete writes to the database. */
export const RESERVE = 16 * 1024 * 1024

/** Bytes that this user may still write to a folder's disk; infinite where the system gives no figure. */
export async function freeSpace(folder: string): Promise<number> {
  const { blocks, bavail, bsize } = await statfs(folder).catch(() => ({ blocks: 0, bavail: 0, bsize: 0 }))
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024).toLocaleString('en')} MB`

/**
 * Refuses work that would fill the disk, before it begins.
 * @param bytes that the work may write
 * @throws AppError disk_full
 */
export async function expectSpace(folder: string, bytes: number): Promise<void> {
  const [free, needed] = [await freeSpace(folder), bytes + RESERVE]
  if (free >= needed) return
  const values = { needed: megabytes(needed), free: megabytes(free) }
  throw new AppError('disk_full', ['disk.tooSmall', values], { facts: { free, needed } })
}
