import { AppError } from '#lib/errors.ts'
import { convert } from '#lib/examples/formats/convert.ts'
import type { ImportPlan } from '#lib/examples/formats/plan.ts'
import { columnsOf, sniff } from '#lib/examples/formats/sniff.ts'
import { openHead } from './decode.ts'
import { type ReadRecord, recordsIn } from './records.ts'
import type { ImportPreview, PreviewQuery } from './schema.ts'

/** Records that a preview shows. */
const SHOWN = 20
/** Of a file, as much as a preview reads. */
const MOST_BYTES = 1024 * 1024

type PreviewRow = ImportPreview['rows'][number]

const lossy = new TextDecoder()

/** Lines that stay as they are come in whatever is wrong with them: the checks tell it afterwards. */
const keepsBytes = ({ container, mapping }: ImportPlan): boolean =>
  container === 'jsonl' && mapping.shape === 'lines'

function rowOf(record: ReadRecord, head: Uint8Array, plan: ImportPlan): PreviewRow {
  const before = lossy
    .decode(head.subarray(record.start, record.end))
    .replace(/^[\r\n]+/, '')
    .replace(/\r?\n$/, '')
  const { line } = record
  if (keepsBytes(plan)) return { line, before, after: before }
  const made = 'problem' in record ? record : convert(record.value, plan.mapping, record.text)
  if ('problem' in made) return { line, before, after: null, problem: made.problem, values: made.values }
  const doubt = 'value' in record ? record.doubt : undefined
  return { line, before, after: made.line, ...(doubt && { doubt }) }
}

/** Whether the end of the bytes, which is not the end of the file, may have broken this record off. */
const mayBeCut = (record: ReadRecord, head: Uint8Array): boolean =>
  record.end >= head.length || ('problem' in record && /^(unfinished|csv-unclosed)$/.test(record.problem))

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

type PreviewOptions = Pick<PreviewQuery, 'name'> & Partial<PreviewQuery>

/**
 * The first records of a file, as they came and as they would come in.
 * @param head its first bytes
 * @param plan how to read it; without one the bytes and the name tell
 * @param cut `head` is only the beginning of the file: a last record that it breaks off is left out
 */
export async function previewImport(
  head: Uint8Array,
  { name, plan: wanted, encoding: chosen, cut = false }: PreviewOptions,
): Promise<ImportPreview> {
  const asked = wanted?.encoding ?? chosen
  const { bytes: text, encoding, certain, ...opened } = await openHead(head, MOST_BYTES, asked)
  const whole = !cut && !opened.cut
  const sniffed = wanted ? { plan: wanted, columns: columnsOf(text, wanted) } : sniff(text, name)
  const rows: PreviewRow[] = []
  let complete = whole
  for await (const record of recordsIn(once(text), sniffed.plan)) {
    if (!whole && mayBeCut(record, text)) continue
    if (rows.length === SHOWN) {
      complete = false
      break
    }
    rows.push(rowOf(record, text, sniffed.plan))
  }
  const decoded = encoding !== 'utf-8' || asked !== undefined
  const plan = decoded ? { ...sniffed.plan, encoding } : sniffed.plan
  return {
    ...sniffed,
    plan,
    rows,
    complete,
    ...(decoded && { encoding: { encoding, certain } }),
    ...(opened.packed && { packed: true }),
  }
}

/** The body of a request, if it is no more than a preview reads. */
async function headOf({ body }: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new AppError('too_large', 'A preview reads the first MB of a file.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** @throws AppError too_large beyond 1 MB */
export const previewRequest = async (request: Request, query: PreviewQuery): Promise<ImportPreview> =>
  previewImport(await headOf(request), query)
