import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { isDiskFull } from '#lib/disk/full.ts'
import type { Patience } from '../settings.ts'
import { isMissing, remove } from '../storage.ts'
import { watchSilence } from './answer.ts'
import type { HubClient, HubFile, HubModel } from './client.ts'
import { badAnswer, checksumMismatch, isHubError, unreachable } from './errors.ts'

/** Broken connections in a row without a new byte, after which a download fails. */
const TRIES = 4

export interface FileDownload {
  hub: HubClient
  model: Pick<HubModel, 'repo' | 'commit'>
  file: HubFile
  /** Where the file goes. */
  folder: string
  patience: Patience
  signal: AbortSignal
  /** Called with the bytes that have come, or with a negative number when they have to come again. */
  onBytes: (bytes: number) => void
  /** Called when all bytes are there and their checksum is computed. */
  onCheck: () => void
}

const partOf = ({ folder, file }: Pick<FileDownload, 'folder' | 'file'>): string =>
  path.join(folder, `${file.name}.part`)

const sizeOf = async (file: string): Promise<number | null> => {
  try {
    return (await stat(file)).size
  } catch (thrown) {
    if (isMissing(thrown)) return null
    throw thrown
  }
}

/** How much of a file is there. */
export async function bytesThere(folder: string, file: HubFile): Promise<number> {
  const whole = await sizeOf(path.join(folder, file.name))
  return whole ?? (await sizeOf(partOf({ folder, file }))) ?? 0
}

/** Position of the first byte of an answer to a request for a range. */
function startOf(answer: Response, asked: number, host: string): number {
  if (answer.status === 200) return 0
  const [, first] = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '') ?? []
  if (answer.status === 206 && Number(first) === asked) return asked
  throw badAnswer(host, 'it sends another part of the file than was asked for')
}

/** Passes at most `most` bytes on. */
function counted(most: number, host: string, onBytes: (bytes: number) => void): Transform {
  let left = most
  return new Transform({
    transform(chunk: Buffer, _, done) {
      left -= chunk.length
      if (left < 0) return done(badAnswer(host, 'it sends more bytes than the file has'))
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
}

/** Reads from where the part ends; returns when the answer has ended, which may be too early. */
async function receive(download: FileDownload, from: number): Promise<void> {
  const { hub, model, file, patience, signal, onBytes } = download
  const watched = watchSilence(patience.hub, signal)
  try {
    const answer = await hub.open(model, file.name, from, watched.signal)
    const start = startOf(answer, from, hub.host)
    if (start < from) onBytes(-from)
    const bytes = (count: number) => {
      watched.heard()
      onBytes(count)
    }
    const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
    const output = createWriteStream(partOf(download), { flags: start > 0 ? 'a' : 'w', mode: 0o600 })
    await pipeline(body, counted(file.bytes - start, hub.host, bytes), output, { signal: watched.signal })
  } finally {
    watched.stop()
  }
}

/** Whether writing here failed; errors of the network come within errors of fetch. */
export const isLocal = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && 'syscall' in thrown && 'path' in thrown

/** Errors that asking again does not mend. */
const isFinal = (thrown: unknown): boolean =>
  isDiskFull(thrown) || isLocal(thrown) || (isHubError(thrown) && thrown.facts?.code !== 'hub_unreachable')

/** Asks again after a broken connection, from where it broke. */
async function receiveAll(download: FileDownload): Promise<void> {
  const { file, hub, patience, signal } = download
  for (let failures = 0; ; ) {
    const before = (await sizeOf(partOf(download))) ?? 0
    if (before === file.bytes && before > 0) return
    let cause: unknown = new Error('The connection ended early.')
    try {
      await receive(download, before)
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      if (isFinal(thrown)) throw thrown
      cause = thrown
    }
    const after = (await sizeOf(partOf(download))) ?? 0
    if (after === file.bytes) return
    failures = after > before ? 0 : failures + 1
    if (failures >= TRIES) throw isHubError(cause) ? cause : unreachable(hub.host, cause)
    await pause(patience.again * 2 ** failures, undefined, { signal })
  }
}

/** The hash that the hub tells, computed from the bytes on the disk. */
async function hashOf(name: string, { bytes, sha256 }: HubFile, signal: AbortSignal): Promise<string> {
  const hash = createHash(sha256 === null ? 'sha1' : 'sha256')
  // Git's object id of a file begins with its length.
  if (sha256 === null) hash.update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(name, { highWaterMark: 1 << 20, signal })) hash.update(chunk)
  return hash.digest('hex')
}

/** Not the synchronous fsync: that of a gigabyte would block every answer of the engine. */
async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Downloads a file, or the rest of one. It has its name once it is whole, its checksum right and its bytes on the disk.
 * @throws AppError in words; what has come stays, except after a wrong checksum
 */
export async function fetchFile(download: FileDownload): Promise<void> {
  const { file, folder, hub, signal, onBytes, onCheck } = download
  const name = path.join(folder, file.name)
  if ((await sizeOf(name)) === file.bytes) return
  const part = partOf(download)
  const there = (await sizeOf(part)) ?? 0
  if (there > file.bytes) {
    await remove(part)
    onBytes(-there)
  }
  await receiveAll(download)
  onCheck()
  const expected = file.sha256 ?? file.sha1
  if (expected !== null && (await hashOf(part, file, signal)) !== expected) {
    await remove(part)
    onBytes(-file.bytes)
    throw checksumMismatch(hub.host, file.name)
  }
  await syncFile(part)
  await rename(part, name)
}
