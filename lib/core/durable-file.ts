/** Files and folders that are complete or absent after a power cut. */
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

function sync(name: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(name, flags)
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** Makes a file's content survive a power cut. */
export const syncFile = (file: string): void => sync(file, 'r+')

/** Makes names within the folder survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows opens no folder; its file system journals the entry itself.
  if (process.platform !== 'win32') sync(folder, 'r')
}

/** Gives a synced file its final name, which then survives a power cut. */
export function renameDurably(temporary: string, name: string): void {
  renameSync(temporary, name)
  syncFolder(path.dirname(name))
}

/** Syncs a whole file and gives it its final name. */
export function publish(temporary: string, file: string): void {
  sync(temporary, 'r+')
  renameDurably(temporary, file)
}

function writeAll(descriptor: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at)
}

/** Writes a temporary file, syncs and renames it: readers see the old content or the new. */
export function writeDurably(file: string, chunks: Iterable<Uint8Array>): void {
  const beside = `${file}.${randomUUID()}.tmp`
  const descriptor = openSync(beside, 'wx', 0o600)
  try {
    for (const chunk of chunks) writeAll(descriptor, chunk)
    fsyncSync(descriptor)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  renameDurably(beside, file)
}

export const writeText = (file: string, text: string): void => writeDurably(file, [Buffer.from(text)])

/** JSON as our own files hold it. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`

export const writeJson = (file: string, value: unknown): void => writeText(file, jsonText(value))

/** Fills a folder under a temporary name and renames it: `folder` is complete as soon as it exists. */
export async function writeFolderDurably(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${folder}.${randomUUID()}.tmp`
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  try {
    await fill(unfinished)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw error
  }
  syncFolder(unfinished)
  rmSync(folder, { recursive: true, force: true })
  renameDurably(unfinished, folder)
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}
