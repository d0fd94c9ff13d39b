import { existsSync } from 'node:fs'
import path from 'node:path'
import { renameDurably, syncFolder } from '#lib/core/durable-file.ts'
import { AppError } from '#lib/core/errors.ts'
import { isDiskFull } from '#lib/disk/full.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { apiError } from '../api-error.ts'
import type { Patience } from '../settings.ts'
import { type Disk, remove } from '../storage.ts'
import type { WireDownload } from '../wire.ts'
import type { HubClient } from './client.ts'
import { bytesThere, fetchFile, isLocal } from './fetch-file.ts'
import { type Rate, rateMeter } from './rate.ts'
import { type DownloadRecord, readRecords, writeRecord } from './record.ts'

interface Download {
  record: DownloadRecord
  state: WireDownload['state']
  error: WireDownload['error']
  /** Bytes that are on the disk. */
  done: number
  rate: Rate
  /** While it runs. */
  run: { stop: AbortController; over: Promise<void> } | null
}

interface Options {
  disk: Disk
  hub: HubClient
  patience: Patience
  /** Takes a complete folder as a base model. @throws AppError if it cannot be used */
  publish: (folder: string, name: string, signal: AbortSignal) => Promise<void>
}

const sizeOf = ({ files }: DownloadRecord): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

const DISK_FULL =
  'The disk is full. Free some space on the disk of the data folder, then go on: what has come is kept.'

function errorOf(thrown: unknown): NonNullable<WireDownload['error']> {
  if (isDiskFull(thrown)) return { code: 'disk_full', message: DISK_FULL }
  if (thrown instanceof AppError)
    return { code: String(thrown.facts?.code ?? thrown.code), message: thrown.message }
  if (isLocal(thrown))
    return {
      code: 'disk_error',
      message: `The files of this download cannot be written (${thrown.code}). Check the disk of the data folder, or cancel the download and begin again.`,
    }
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  return { code: 'internal', message: 'The engine had an error while it downloaded this model. Try again.' }
}

/** @param clause as "another model is called X" */
export const nameTaken = (clause: string): AppError =>
  apiError('conflict', `This model cannot be added: ${clause}.`, { code: 'name_taken', param: 'name' })

const wire = ({ record, state, error, done, rate }: Download): WireDownload => ({
  id: record.id,
  name: record.name,
  repo: record.repo,
  bytes: sizeOf(record),
  done,
  rate: state === 'downloading' ? rate.perSecond() : null,
  state,
  error,
})

/** Downloads of base models: each goes on in the background, and after a restart when it is asked to. */
export async function createDownloads({ disk, hub, patience, publish }: Options) {
  const all = new Map<string, Download>()
  const folderOf = ({ record }: Download): string => path.join(disk.downloads, record.id)

  async function measure(download: Download): Promise<void> {
    const there = download.record.files.map((file) => bytesThere(folderOf(download), file))
    download.done = (await Promise.all(there)).reduce((sum, bytes) => sum + bytes, 0)
  }

  for (const record of await readRecords(disk)) {
    const download: Download = { record, state: 'paused', error: null, done: 0, rate: rateMeter(), run: null }
    await measure(download)
    all.set(record.id, download)
  }

  /** What the running downloads have yet to write. */
  const promised = (): number =>
    [...all.values()]
      .filter(({ run }) => run !== null)
      .reduce((sum, { record, done }) => sum + sizeOf(record) - done, 0)

  async function work(download: Download, signal: AbortSignal): Promise<void> {
    const { record } = download
    const folder = folderOf(download)
    for (const file of record.files) {
      download.state = 'downloading'
      await fetchFile({
        ...{ hub, model: record, file, folder, patience, signal },
        onBytes(bytes) {
          download.done += bytes
          download.rate.note(bytes)
        },
        onCheck: () => (download.state = 'checking'),
      })
    }
    syncFolder(folder)
    await publish(folder, record.name, signal)
    all.delete(record.id)
  }

  async function run(download: Download, signal: AbortSignal): Promise<void> {
    try {
      await work(download, signal)
    } catch (thrown) {
      download.state = signal.aborted ? 'paused' : 'failed'
      download.error = signal.aborted ? null : errorOf(thrown)
      await measure(download).catch(() => {}) // the next run measures again
    } finally {
      download.run = null
    }
  }

  function begin(download: Download): void {
    const stop = new AbortController()
    download.state = 'downloading'
    download.error = null
    download.rate = rateMeter()
    download.run = { stop, over: run(download, stop.signal) }
  }

  async function halt({ run }: Download): Promise<void> {
    run?.stop.abort()
    await run?.over
  }

  function known(id: string): Download {
    const download = all.get(id)
    if (download) return download
    throw apiError('not_found', `There is no download '${id}': it may have ended.`, { param: 'id' })
  }

  /** The download of a model with this name, in any case. */
  const named = (name: string): DownloadRecord | undefined =>
    [...all.values()].find(({ record }) => record.name.toLowerCase() === name.toLowerCase())?.record

  return {
    list: (): WireDownload[] => [...all.values()].map(wire),

    named,

    /** Bytes that running downloads will still write to the disk. */
    promised,

    /** Begins a download; it survives a restart. @throws AppError `disk_full`, `conflict` */
    async start(record: DownloadRecord): Promise<void> {
      await expectSpace(disk.root, sizeOf(record) + promised())
      const other = named(record.name)
      if (other) throw nameTaken(`${other.repo} is being downloaded under the name ${other.name}`)
      writeRecord(disk.downloads, record)
      const download: Download = {
        record,
        state: 'paused',
        error: null,
        done: 0,
        rate: rateMeter(),
        run: null,
      }
      all.set(record.id, download)
      begin(download)
    },

    /** Goes on where it stopped. @throws AppError `not_found`, `disk_full` */
    async resume(id: string): Promise<void> {
      const download = known(id)
      if (download.run) return
      await measure(download)
      await expectSpace(disk.root, sizeOf(download.record) - download.done + promised())
      if (download.run === null) begin(download)
    },

    /** Stops, and keeps what has come. @throws AppError `not_found` */
    pause: (id: string): Promise<void> => halt(known(id)),

    /** Stops, and deletes what has come. @throws AppError `not_found` */
    async cancel(id: string): Promise<void> {
      const download = known(id)
      await halt(download)
      if (!all.delete(id)) return // it was complete just before
      if (!existsSync(folderOf(download))) return // deleted meanwhile
      const gone = disk.temporary()
      renameDurably(folderOf(download), gone)
      syncFolder(disk.downloads)
      await remove(gone)
    },

    close: async (): Promise<void> => {
      await Promise.all([...all.values()].map(halt))
    },
  }
}
export type Downloads = Awaited<ReturnType<typeof createDownloads>>
