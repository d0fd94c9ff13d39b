import { bytesIn } from '#lib/archive/read.ts'
import { ItemFacts } from '#lib/archive/schema.ts'
import { type ItemRecord, itemsOf, type PartRecord, partsOf } from '#lib/archive/store.ts'
import { AppError } from '#lib/core/errors.ts'
import { type ZipEntry, zipDownload } from '#lib/http/zip-download.ts'
import type { Locale } from '#lib/i18n/locale.ts'
import { curveCsv } from '#lib/jobs/curves-csv.ts'
import { checkpointsOf, curveOf, eventsOf, jobIn } from './contents.ts'
import { type FilePath, indexPage } from './index-page.ts'
import { jobFolder, pathsOf, safeName } from './paths.ts'
import { listMissing, listRescues } from './rescue.ts'
import type { Rescue } from './schema.ts'

/** A part and where it stands in the zip file. */
interface Placed extends PartRecord {
  path: string
}

interface Receipt {
  item: ItemRecord
  parts: Placed[]
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(Number(ms)).toISOString())

async function receiptOf(item: ItemRecord): Promise<Receipt> {
  const parts = item.saved_at === null ? [] : await partsOf(item.seq)
  const facts = item.facts_json === null ? {} : ItemFacts.parse(JSON.parse(item.facts_json))
  const paths = pathsOf(item, facts, parts.length)
  return {
    item,
    parts: parts.map((part, place) => ({ ...part, path: paths[place] ?? safeName(part.sha256) })),
  }
}

/** What became of an item, for programs. */
const written = ({ item, parts }: Receipt) => ({
  kind: item.kind,
  id: item.remote_id,
  ...(item.facts_json === null ? {} : JSON.parse(item.facts_json)),
  saved_at: timeOf(item.saved_at),
  checked_at: timeOf(item.checked_at),
  parts,
  missing: item.reason,
  error: item.error_json === null ? null : JSON.parse(item.error_json).message,
})

function receiptsFile({ providerId, name, state }: Rescue, receipts: readonly Receipt[]): string {
  const about = { provider: providerId, name, state, exported_at: timeOf(Date.now()) }
  return `${JSON.stringify({ ...about, items: receipts.map(written) }, null, 2)}\n`
}

/** As `sha256sum -c` reads it. */
const sumsFile = (receipts: readonly Receipt[]): string =>
  receipts
    .flatMap(({ parts }) => parts)
    .map(({ sha256, path }) => `${sha256}  ${path}\n`)
    .join('')

const lines = (entries: readonly unknown[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')

/** A job's history in the form in which people use it; the pages as they came stand beside it. */
async function* jobFiles(item: ItemRecord): AsyncGenerator<ZipEntry> {
  const folder = jobFolder(item.remote_id)
  const events = await eventsOf(item)
  yield { name: `${folder}/events.jsonl`, input: lines(events) }
  yield { name: `${folder}/checkpoints.jsonl`, input: lines(await checkpointsOf(item)) }
  yield { name: `${folder}/curve.csv`, input: curveCsv(await curveOf(item, await jobIn(item), events)) }
}

const contentPath = (receipts: readonly Receipt[]): FilePath => {
  const paths = new Map(
    receipts.flatMap(({ item, parts: [, content] }) =>
      item.kind === 'file' && content ? [[item.remote_id, content.path]] : [],
    ),
  )
  return (fileId) => paths.get(fileId) ?? null
}

/** Every file of the export, each made when its turn comes. */
async function* filesOf(
  rescue: Rescue,
  receipts: readonly Receipt[],
  locale: Locale,
): AsyncGenerator<ZipEntry> {
  const jobs = receipts.map(({ item }) => item).filter(({ kind }) => kind === 'job')
  const missing = await listMissing(rescue.providerId)
  const page = { rescue, missing, jobs, pathOf: contentPath(receipts), locale }
  yield { name: 'index.html', input: indexPage(page) }
  yield { name: 'receipts.json', input: receiptsFile(rescue, receipts) }
  yield { name: 'SHA256SUMS', input: sumsFile(receipts) }
  for (const { parts } of receipts)
    for (const part of parts) yield { name: part.path, input: bytesIn(part), size: part.bytes }
  for (const job of jobs) yield* jobFiles(job)
}

/**
 * Everything that is here of a provider as one zip file, made while it is sent.
 * @throws AppError not_found when nothing is here
 */
export async function exportArchive(providerId: string, locale: Locale): Promise<Response> {
  const rescue = (await listRescues()).find((one) => one.providerId === providerId)
  const items = await itemsOf(providerId)
  if (!rescue || items.length === 0) throw new AppError('not_found', 'rescue.empty')
  const receipts: Receipt[] = []
  for (const item of items) receipts.push(await receiptOf(item))
  const name = `${safeName(rescue.name)}-${new Date().toISOString().slice(0, 10)}.zip`
  return zipDownload(name, filesOf(rescue, receipts, locale))
}
