import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '#lib/core/errors.ts'
import { emptyLostFound, moveStrangers } from '#lib/db/lost-found.ts'
import { env } from '#lib/env.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'

/** Imported bytes, never changed. The file name is their SHA-256. */
export interface StoredBlob {
  sha256: string
  bytes: number
}

const folder = (name: 'blobs' | 'tmp'): string => path.join(env().dataFolder, name)

/** @param sha256 from our own tables, never from a request */
export const blobPath = (sha256: string): string => path.join(folder('blobs'), sha256)

/** Makes new names within a folder survive a power cut. */
async function syncFolder(name: string): Promise<void> {
  // Windows opens no folder; its file system journals the entry itself.
  if (process.platform === 'win32') return
  const handle = await open(name, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Creates a temporary file with a random name. */
export async function temporaryFile(): Promise<{ file: string; handle: FileHandle }> {
  await mkdir(folder('tmp'), { recursive: true })
  const file = path.join(folder('tmp'), randomUUID())
  return { file, handle: await open(file, 'wx+') }
}

const TEMPORARY = /^[0-9a-f-]{36}$/

/** Deletes unfinished files of an earlier process and old files in lost+found. Only at startup, before any write. */
export async function clearTemporary(): Promise<void> {
  const { dataFolder } = env()
  await moveStrangers(dataFolder, 'tmp', (name) => TEMPORARY.test(name))
  await rm(folder('tmp'), { recursive: true, force: true })
  await emptyLostFound(dataFolder)
}

/** Moves every other blob to lost+found. Only at startup, before any write. */
export const keepOnly = (used: ReadonlySet<string>): Promise<void> =>
  moveStrangers(env().dataFolder, 'blobs', (name) => used.has(name))

async function receive(source: AsyncIterable<Uint8Array>, handle: FileHandle): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > MAX_FILE_BYTES) throw new AppError('too_large', 'datasets.fileTooLarge')
    hash.update(chunk)
    await handle.appendFile(chunk)
  }
  if (bytes === 0) throw new AppError('invalid', 'datasets.fileEmpty')
  return { sha256: hash.digest('hex'), bytes }
}

/**
 * Stores a stream durably: written, synced, renamed, and the folder synced.
 * @throws AppError too_large beyond 512 MB, invalid when it is empty
 */
export async function keepBlob(source: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  await mkdir(folder('blobs'), { recursive: true })
  const { file, handle } = await temporaryFile()
  try {
    const blob = await receive(source, handle).finally(() => handle.sync().finally(() => handle.close()))
    await rename(file, blobPath(blob.sha256))
    await syncFolder(folder('blobs'))
    return blob
  } catch (thrown) {
    await rm(file, { force: true })
    throw thrown
  }
}
