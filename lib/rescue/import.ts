import { openAsBlob } from 'node:fs'
import { BlobReader, configure, type FileEntry, TextWriter, ZipReader } from '@zip.js/zip.js'
import { z } from 'zod'
import { asFile, keepStream } from '#lib/archive/keep.ts'
import { archivedContent, bytesIn } from '#lib/archive/read.ts'
import { ItemFacts, ItemKind, Reason } from '#lib/archive/schema.ts'
import {
  addItems,
  dropUnused,
  findItem,
  type ItemRecord,
  itemsOf,
  missItem,
  saveItem,
} from '#lib/archive/store.ts'
import { AppError } from '#lib/core/errors.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { env } from '#lib/env.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import type { ReadFile } from '#lib/jobs/lineage.ts'
import { adoptJob } from '#lib/jobs/reconcile.ts'
import { eventIn } from '#lib/jobs/remote.ts'
import { isTerminal } from '#lib/jobs/status.ts'
import { jobOfRemote } from '#lib/jobs/store.ts'
import { storeEnded } from '#lib/jobs/sync-job.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { checkpointsOf, eventsOf, jobIn, resultPoints } from './contents.ts'
import { listRescues } from './rescue.ts'
import type { Rescue } from './schema.ts'

configure({ useWebWorkers: false })

/** Bytes of `receipts.json`: some 300,000 things. */
const MOST_RECEIPTS = 128 * 1024 * 1024

/** Marks what came in a zip file, where others have the account whose key saw it. */
const IMPORTED = 'import'

const Receipt = ItemFacts.extend({
  kind: ItemKind,
  id: z.string().min(1).max(512),
  parts: z.array(
    z.object({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.number().int().min(0),
      path: z.string().min(1).max(1024),
    }),
  ),
  missing: Reason.nullish().catch(null),
  error: z.string().nullish().catch(null),
})
type Receipt = z.infer<typeof Receipt>

const Receipts = z.object({ provider: ProviderId, items: z.array(Receipt) })

type Entries = ReadonlyMap<string, FileEntry>

const notOurs = (cause?: unknown) => new AppError('invalid', 'rescue.notOurs', { cause })

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw notOurs(cause)
  }
}

async function receiptsIn(entries: Entries): Promise<z.infer<typeof Receipts>> {
  const entry = entries.get('receipts.json')
  if (!entry || entry.uncompressedSize > MOST_RECEIPTS) throw notOurs()
  const text = await entry.getData(new TextWriter())
  const { data, error } = Receipts.safeParse(jsonIn(text))
  if (!data || data.provider === 'embedded') throw notOurs(error)
  return data
}

/** The bytes of a file in the zip file. */
async function* unpacked(entry: FileEntry): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const reading = entry.getData(writable)
  // Its failure also ends the loop, which throws it.
  reading.catch(() => undefined)
  yield* readable
  await reading
}

/** @throws AppError damaged when the bytes are not those of the receipt */
async function keepPart(entries: Entries, { path, sha256, bytes }: Receipt['parts'][number]) {
  const entry = entries.get(path)
  const part = entry?.uncompressedSize === bytes ? await keepStream(unpacked(entry)) : null
  if (part?.sha256 === sha256) return part
  if (part) await dropUnused([part])
  throw new AppError('damaged', ['rescue.notAsReceipt', { path }])
}

/** Saves one thing unless it is here already. */
async function bring(providerId: string, entries: Entries, receipt: Receipt): Promise<void> {
  const { kind, id, parts, missing, error, ...facts } = receipt
  const known = await findItem(providerId, kind, id)
  if (!known) await addItems(providerId, IMPORTED, [{ kind, id, facts }])
  const item = known ?? (await findItem(providerId, kind, id))
  if (!item || item.saved_at !== null) return
  if (parts.length > 0) {
    const kept = []
    for (const part of parts) kept.push(await keepPart(entries, part))
    await saveItem(item, { parts: kept, final: true })
    return
  }
  const words = error ? { message: error } : inEnglish('rescue.notInZip')
  await missItem(item, { reason: missing ?? 'gone', error: words, final: true })
}

const fromArchive: ReadFile = async (providerId, fileId) => {
  const content = await archivedContent(providerId, fileId)
  return content ? bytesIn(content) : null
}

/** Puts a job that has ended into the job list, with its curve and its history. */
async function listJob(item: ItemRecord): Promise<void> {
  const known = await jobOfRemote(item.provider_id, item.remote_id)
  if (known && known.finished_at !== null) return
  const remote = await jobIn(item)
  if (!remote || !isTerminal(remote.status)) return
  await adoptJob(item.provider_id, remote, fromArchive)
  const events = (await eventsOf(item)).flatMap((event) => eventIn(event) ?? [])
  const checkpoints = await checkpointsOf(item)
  const result = await resultPoints(item.provider_id, remote.result_files ?? [])
  await storeEnded(item.provider_id, { remote, events, checkpoints, result })
}

async function importZip(file: string): Promise<void> {
  const zip = new ZipReader(new BlobReader(await openAsBlob(file)))
  const listed = await zip.getEntries().catch((cause: unknown) => {
    throw notOurs(cause)
  })
  const files = listed.filter((entry): entry is FileEntry => !entry.directory)
  const entries = new Map(files.map((entry) => [entry.filename, entry]))
  const { provider, items } = await receiptsIn(entries)
  const bytes = items.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.bytes, 0)
  await expectSpace(env().dataFolder, bytes)
  for (const receipt of items) await bring(provider, entries, receipt)
  for (const item of await itemsOf(provider, 'job')) await listJob(item)
  await zip.close()
}

/**
 * Brings in what another Limerick has exported: every file is checked against its receipt, what is here stays as it is,
 * and jobs that have ended stand in the job list. It may be ended at any moment; the same file once more goes on.
 * @throws AppError invalid for another file, damaged for a file that is not as its receipt says, disk_full
 */
export async function importArchive(source: AsyncIterable<Uint8Array>): Promise<Rescue[]> {
  await asFile(source, importZip)
  return listRescues()
}
