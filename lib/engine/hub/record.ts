import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { syncFolder, writeText } from '#lib/core/durable-file.ts'
import { moveStrangers } from '#lib/db/lost-found.ts'
import type { Disk } from '../storage.ts'

/** Beside the files of a download, and later in the folder of the model: where they come from. */
const RECORD = 'limerick.json'

const FileRecord = z.object({
  /** A file of the folder itself. */
  name: z.string().regex(/^[\w.-]+$/),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().nullable(),
  sha1: z.string().nullable(),
})

const DownloadRecord = z.object({
  id: z.string(),
  /** Name of the model here. */
  name: z.string().min(1),
  repo: z.string(),
  revision: z.string(),
  commit: z.string(),
  licence: z.string().nullable(),
  files: z.array(FileRecord).min(1),
  /** ms */
  created_at: z.number(),
})
/** What a download needs to go on after a restart. */
export type DownloadRecord = z.infer<typeof DownloadRecord>

/** @returns null for a folder that is no download, or not ours */
export function readRecord(folder: string): DownloadRecord | null {
  try {
    return DownloadRecord.parse(JSON.parse(readFileSync(path.join(folder, RECORD), 'utf8')))
  } catch {
    return null
  }
}

/** Makes the folder of a download; it survives a power cut. */
export function writeRecord(downloads: string, record: DownloadRecord): void {
  const folder = path.join(downloads, record.id)
  mkdirSync(folder, { mode: 0o700 })
  writeText(path.join(folder, RECORD), JSON.stringify(record, null, 2))
  syncFolder(downloads)
}

/** The unfinished downloads, oldest first. What has no record never began, and is moved out of the way. */
export async function readRecords({ root, downloads }: Disk): Promise<DownloadRecord[]> {
  const recordOf = (name: string): DownloadRecord | null => {
    const record = readRecord(path.join(downloads, name))
    return record?.id === name ? record : null
  }
  await moveStrangers(root, 'downloads', (name) => recordOf(name) !== null)
  const records = readdirSync(downloads).map(recordOf)
  return records.filter((record) => record !== null).sort((a, b) => a.created_at - b.created_at)
}
