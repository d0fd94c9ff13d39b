import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
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

/** Folders of such bytes: imported files, and what was brought home from providers. */
export type Place = 'blobs' | 'archive'

const folder = (name: Place | 'tmp'): string => path.join(env().dataFolder, name)

/** @param sha256 from our own tables, never from a request */
export const blobPath = (sha256: string, place: Place = 'blobs'): string => path.join(folder(place), sha256)

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
export const keepOnly = (used: ReadonlySet<string>, place: Place = 'blobs'): Promise<void> =>
  moveStrangers(env().dataFolder, place, (name) => used.has(name))

/** Deletes bytes that nothing refers to. */
export const dropBlob = (sha256: string, place: Place): Promise<void> =>
  rm(blobPath(sha256, place), { force: true })

/** Names of the bytes in a folder. */
export const blobsIn = async (place: Place): Promise<Set<string>> =>
  new Set(await readdir(folder(place)).catch(() => []))

async function receive(source: AsyncIterable<Uint8Array>, handle: FileHandle): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > MAX_FILE_BYTES) throw new AppError('too_large', 'datasets.fileTooLarge')
    hash.update(chunk)
    await handle.appendFile(chunk)
  }
  return { sha256: hash.digest('hex'), bytes }
}

/**
 * Stores a stream durably: written, synced, renamed, and the folder synced.
 * @throws AppError too_large beyond 512 MB
 */
export async function keepBytes(source: AsyncIterable<Uint8Array>, place: Place): Promise<StoredBlob> {
  await mkdir(folder(place), { recursive: true })
  const { file, handle } = await temporaryFile()
  try {
    const blob = await receive(source, handle).finally(() => handle.sync().finally(() => handle.close()))
    await rename(file, blobPath(blob.sha256, place))
    await syncFolder(folder(place))
    return blob
  } catch (thrown) {
    await rm(file, { force: true })
    throw thrown
  }
}

async function* notEmpty(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    yield chunk
  }
  if (bytes === 0) throw new AppError('invalid', 'datasets.fileEmpty')
}

/** Stores an imported file. @throws AppError too_large beyond 512 MB, invalid when it is empty */
export const keepBlob = (source: AsyncIterable<Uint8Array>): Promise<StoredBlob> =>
  keepBytes(notEmpty(source), 'blobs')
