import { createWriteStream } from 'node:fs'
import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { renameDurably, syncFile, syncFolder } from '#lib/core/durable-file.ts'
import { randomText } from '#lib/core/ids.ts'
import { moveStrangers } from '#lib/db/lost-found.ts'
import { lockFolder } from './lock.ts'

/** Paths in the engine's folder. Every name is an id that we generate, never a caller's text. */
export interface Disk {
  root: string
  /** Content of an uploaded or result file. */
  file: (id: string) => string
  /** Content of a part of an upload. */
  part: (id: string) => string
  /** A job's folder: its copies of the files and its checkpoints. */
  job: (id: string) => string
  /** What is made of the adapters in LIMERICK_MODELS. */
  adapters: string
  /** Added base models: folders, and links to folders elsewhere. */
  models: string
  /** Unfinished downloads of base models, one folder each. */
  downloads: string
  /** A new path to write to until the content is complete. */
  temporary: () => string
}

const folders = ['files', 'parts', 'jobs', 'adapters', 'models', 'downloads', 'tmp'] as const

const TEMPORARY = /^[0-9A-Za-z]{24}$/

/**
 * Creates the folders and deletes unfinished uploads from `tmp` (only names that we generate).
 * @throws if another process owns the folder
 */
export async function openDisk(root: string): Promise<Disk> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  await lockFolder(root)
  await moveStrangers(root, 'tmp', (name) => TEMPORARY.test(name))
  await rm(path.join(root, 'tmp'), { recursive: true, force: true })
  for (const folder of folders) await mkdir(path.join(root, folder), { recursive: true, mode: 0o700 })
  return {
    root,
    file: (id) => path.join(root, 'files', id),
    part: (id) => path.join(root, 'parts', id),
    job: (id) => path.join(root, 'jobs', id),
    adapters: path.join(root, 'adapters'),
    models: path.join(root, 'models'),
    downloads: path.join(root, 'downloads'),
    temporary: () => path.join(root, 'tmp', randomText(24)),
  }
}

/**
 * Saves a stream to a new file and returns its size. When it returns, the content survives a power cut; when it
 * throws, no file is left.
 */
export async function saveStream(
  file: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
  try {
    await pipeline(chunks, output)
    return output.bytesWritten
  } catch (thrown) {
    await remove(file)
    throw thrown
  }
}

/**
 * Moves a complete temporary file to its place before its row is written, so that no row lacks its content.
 * @param insert if it throws, no file is left
 */
export async function adoptFile<Row>(
  temporary: string,
  file: string,
  insert: () => Promise<Row>,
): Promise<Row> {
  renameDurably(temporary, file)
  try {
    return await insert()
  } catch (thrown) {
    await remove(file)
    throw thrown
  }
}

export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'

/** Hard-links a file, whose content never changes in place, or copies it if the disk has no hard links. */
export async function keepCopy(file: string, copy: string): Promise<void> {
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o700 })
  await link(file, copy).catch(async (thrown) => {
    if (isMissing(thrown)) throw thrown
    await copyFile(file, copy)
    syncFile(copy)
  })
  syncFolder(path.dirname(copy))
  syncFolder(path.dirname(path.dirname(copy)))
}

export const remove = (target: string): Promise<void> => rm(target, { recursive: true, force: true })

/** Deletes entries that no database row names: a crash between disk and database leaves such orphans. */
export async function removeUnknown(folder: string, known: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) if (!known.has(name)) await remove(path.join(folder, name))
}
