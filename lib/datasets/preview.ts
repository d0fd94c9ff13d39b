import { AppError } from '#lib/core/errors.ts'
import { lineText } from '#lib/training-data/formats/convert.ts'
import type { Outcome } from '#lib/training-data/formats/format.ts'
import { meaningOf } from '#lib/training-data/formats/headings.ts'
import { outside, windowOn } from '#lib/training-data/formats/lists.ts'
import { type ImportPlan, keepsLines, type Leftover } from '#lib/training-data/formats/plan.ts'
import { Reader } from '#lib/training-data/formats/reader.ts'
import { columnsOf, sniff } from '#lib/training-data/formats/sniff.ts'
import { once, openHead } from './decode.ts'
import { type ReadRecord, recordsIn } from './records.ts'
import type { ImportPreview, PreviewQuery } from './schema.ts'

/** Rows that a preview shows. */
const SHOWN = 20
/** Bytes of a file that a preview reads. */
const MOST_BYTES = 1024 * 1024

type PreviewRow = ImportPreview['rows'][number]

const lossy = new TextDecoder()

/** A record as written in the file. */
interface Before {
  line: number
  before: string
}

const beforeOf = (record: ReadRecord, head: Uint8Array): Before => ({
  line: record.line,
  before: ('value' in record && record.shown) || textAt(record, head),
})

const textAt = ({ start, end }: ReadRecord, head: Uint8Array): string =>
  lossy
    .decode(head.subarray(start, end))
    .replace(/^[\r\n]+/, '')
    .replace(/\r?\n$/, '')

/** Whether the record may be cut off, because the bytes end before the file does. */
const mayBeCut = (record: ReadRecord, head: Uint8Array): boolean =>
  record.end >= head.length || ('problem' in record && /^(unfinished|csv-unclosed)$/.test(record.problem))

/** Preview rows of an outcome; several records that make one row are shown together. */
function rowsOf(outcome: Outcome, seen: readonly Before[]): PreviewRow[] {
  const came = outcome.from.map((index) => seen[index] as Before)
  const before = { line: came[0]?.line ?? 1, before: came.map((one) => one.before).join('\n') }
  if ('problem' in outcome)
    return [{ ...before, after: null, problem: outcome.problem, values: outcome.values }]
  return outcome.lines.map((line) => ({ ...before, after: lineText(line) }))
}

const doubted = (rows: PreviewRow[], record: ReadRecord): PreviewRow[] => {
  const doubt = 'value' in record ? record.doubt : undefined
  return doubt ? rows.map((row) => (row.after === null ? row : { ...row, doubt })) : rows
}

type Seen = Pick<ImportPreview, 'rows' | 'left' | 'notes' | 'complete'>

/** Reads the beginning of a file as an import would: the first rows, and the fields left out in all of it. */
async function readHead(head: Uint8Array, plan: ImportPlan, cut: boolean): Promise<Seen> {
  const reader = new Reader(plan)
  const window = plan.lists ? windowOn(plan.lists) : null
  const rows: PreviewRow[] = []
  const seen: Before[] = []
  for await (const record of recordsIn(once(head), plan, window, reader.tell)) {
    if (cut && mayBeCut(record, head)) continue
    const at = seen.push(beforeOf(record, head)) - 1
    const before = seen[at] as Before
    if (keepsLines(plan)) rows.push({ ...before, after: before.before })
    else if ('problem' in record)
      rows.push({ ...before, after: null, problem: record.problem, values: record.values })
    else {
      const made = reader.add(record.value, record.text, at).flatMap((one) => rowsOf(one, seen))
      rows.push(...doubted(made, record))
    }
    // Unconverted lines leave nothing out, so the rest need not be read.
    if (keepsLines(plan) && rows.length > SHOWN) break
  }
  for (const made of reader.finish()) rows.push(...rowsOf(made, seen))
  const { left, notes } = reader.report()
  const complete = !cut && rows.length <= SHOWN
  return {
    rows: rows.slice(0, SHOWN),
    left: window ? [...left, ...outside(window, plan.lists ?? [])] : left,
    notes,
    complete,
  }
}

/** Fields whose name says that they belong to the question. */
const extrasNamed = (left: readonly Leftover[]): ImportPlan['extras'] =>
  Object.fromEntries(
    left.filter(({ path }) => meaningOf(path) === 'context').map(({ path }) => [path, 'question']),
  )

type Read = Omit<ImportPreview, 'encoding' | 'packed'>

async function previewUnread(head: Uint8Array, name: string, cut: boolean): Promise<Read> {
  const { plan, columns } = sniff(head, name)
  const seen = await readHead(head, plan, cut)
  const extras = extrasNamed(seen.left) ?? {}
  if (Object.keys(extras).length === 0) return { plan, columns, ...seen }
  const named = { ...plan, extras }
  return { plan: named, columns, ...(await readHead(head, named, cut)) }
}

async function previewRead(head: Uint8Array, plan: ImportPlan, cut: boolean): Promise<Read> {
  return { plan, columns: columnsOf(head, plan), ...(await readHead(head, plan, cut)) }
}

type PreviewOptions = Pick<PreviewQuery, 'name'> & Partial<PreviewQuery>

/**
 * The first records of a file, as they are and as an import would convert them.
 * @param head its first bytes
 * @param plan how to read it; default: detected from bytes and name
 * @param cut `head` is only the beginning of the file: a last record that is cut off is left out
 */
export async function previewImport(
  head: Uint8Array,
  { name, plan: wanted, encoding: chosen, cut = false }: PreviewOptions,
): Promise<ImportPreview> {
  const asked = wanted?.encoding ?? chosen
  const { bytes: text, encoding, certain, ...opened } = await openHead(head, MOST_BYTES, asked)
  const part = cut || opened.cut
  const read = await (wanted ? previewRead(text, wanted, part) : previewUnread(text, name, part))
  const decoded = encoding !== 'utf-8' || asked !== undefined
  const plan: ImportPlan = {
    ...read.plan,
    ...(opened.packed && { packed: 'gzip' as const }),
    ...(decoded && { encoding }),
  }
  return {
    ...read,
    plan,
    ...(decoded && { encoding: { encoding, certain } }),
  }
}

/** @throws AppError too_large beyond 1 MB */
async function headOf({ body }: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new AppError('too_large', 'datasets.previewTooLarge')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A preview of the file in a request's body. @throws AppError too_large beyond 1 MB */
export const previewRequest = async (request: Request, query: PreviewQuery): Promise<ImportPreview> =>
  previewImport(await headOf(request), query)
