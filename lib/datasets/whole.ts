import 'server-only'
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { blobPath, type Place } from './blobs.ts'

/**
 * The name of a blob is the SHA-256 of its bytes, so lost or changed bytes are detected. A process verifies a file when it
 * first opens it, and again when its stamp has changed.
 */

const damaged = (file: string, words: ErrorWords, cause?: unknown): AppError =>
  new AppError('damaged', words, { facts: { file }, cause })

const fileOf = (sha256: string, place: Place = 'blobs'): string => `${place}/${sha256}`

const changed = (file: string): AppError => damaged(file, ['datasets.blobChanged', { file }])

function unreadable(file: string, thrown: unknown): AppError {
  const { code = '' } = thrown as NodeJS.ErrnoException
  return damaged(
    file,
    code === 'ENOENT' ? ['datasets.blobMissing', { file }] : ['datasets.blobUnreadable', { file, code }],
    thrown,
  )
}

/** Verified files, and their stamp at that time. */
const whole = new Map<string, string>()

const stampOf = ({ mtimeMs, size, ino }: Stats): string => `${mtimeMs} ${size} ${ino}`

/** Bytes that are hashed at once. */
const BLOCK = 1024 * 1024

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const stream = file.createReadStream({ autoClose: false, start: 0, highWaterMark: BLOCK })
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

async function expectWhole(sha256: string, name: string, file: FileHandle): Promise<void> {
  if ((await hashOf(file)) !== sha256) throw changed(name)
  whole.set(name, stampOf(await file.stat()))
}

/**
 * Opens a blob and verifies it.
 * @throws AppError damaged
 */
export async function openBlob(sha256: string, place: Place = 'blobs'): Promise<FileHandle> {
  const name = fileOf(sha256, place)
  const file = await open(blobPath(sha256, place)).catch((thrown: unknown) => {
    throw unreadable(name, thrown)
  })
  try {
    if (whole.get(name) !== stampOf(await file.stat())) await expectWhole(sha256, name, file)
    return file
  } catch (thrown) {
    await file.close()
    throw thrown
  }
}

/**
 * Verifies blobs even if they were verified before: for rows that are about to be sent.
 * @throws AppError damaged
 */
export async function expectWholeBlobs(hashes: Iterable<string>): Promise<void> {
  for (const sha256 of hashes) {
    whole.delete(fileOf(sha256))
    await (await openBlob(sha256)).close()
  }
}

function hashSync(fd: number): string {
  const hash = createHash('sha256')
  const block = new Uint8Array(BLOCK)
  for (let at = 0; ; ) {
    const read = readSync(fd, block, 0, BLOCK, at)
    if (read === 0) return hash.digest('hex')
    hash.update(block.subarray(0, read))
    at += read
  }
}

function openFileSync(sha256: string): number {
  try {
    return openSync(blobPath(sha256), 'r')
  } catch (thrown) {
    throw unreadable(fileOf(sha256), thrown)
  }
}

/**
 * The same for the worker, whose readers are synchronous.
 * @returns a file descriptor
 * @throws AppError damaged
 */
export function openBlobSync(sha256: string): number {
  const fd = openFileSync(sha256)
  const [name, stamp] = [fileOf(sha256), stampOf(fstatSync(fd))]
  if (whole.get(name) === stamp) return fd
  if (hashSync(fd) !== sha256) {
    closeSync(fd)
    throw changed(name)
  }
  whole.set(name, stamp)
  return fd
}
