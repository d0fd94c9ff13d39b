import { createReadStream } from 'node:fs'
import { type Element, JsonElements } from '#lib/examples/formats/elements.ts'
import type { ImportPlan, Refused } from '#lib/examples/formats/plan.ts'
import { scanJson } from '#lib/examples/json.ts'
import { MAX_LINE_BYTES } from '#lib/examples/jsonl.ts'
import { csvRecords } from './csv-records.ts'
import { linesIn } from './lines.ts'

/**
 * A record of a file: its value, or why there is none. `text` is its own JSON; null for the row of a table.
 * `doubt` says why it may not be what was meant.
 */
export type ReadRecord = {
  /** Physical line that it begins on, from 1. */
  line: number
  /** Its first byte in the file, and one past its last. */
  start: number
  end: number
} & ({ value: unknown; text: string | null; doubt?: Refused } | Refused)

const BOM = [0xef, 0xbb, 0xbf]
const SPACE = 0x20
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes with a byte order mark blanked out, so that every offset stays true. */
async function* blankMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let seen = 0
  for await (const chunk of chunks) {
    // A mark that comes in pieces is no case of real files: its bytes would be told as broken JSON.
    const marked = seen === 0 && BOM.every((byte, index) => chunk[index] === byte)
    seen += chunk.length
    yield marked ? Uint8Array.from(chunk).fill(SPACE, 0, BOM.length) : chunk
  }
}

const tooBig: Refused = { problem: 'too-big', values: { megabytes: MAX_LINE_BYTES / 2 ** 20 } }

/** @param keeps the text is taken over as it is, so what is odd about it is left to the checks */
function readJson(bytes: Uint8Array, keeps: boolean): { value: unknown; text: string } | Refused {
  let text: string
  try {
    text = strict.decode(bytes)
  } catch {
    return { problem: 'not-utf8', values: {} }
  }
  const { problem, oddities } = scanJson(text)
  if (problem) return { problem: problem.fault === 'too-deep' ? 'too-deep' : 'not-json', values: {} }
  for (const { kind, path } of keeps ? [] : oddities) {
    if (kind !== 'duplicate-key' && kind !== 'lone-surrogate') continue
    return { problem: kind, values: { key: String(path.at(-1) ?? '') } }
  }
  return { value: JSON.parse(text) as unknown, text }
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === SPACE || byte === 0x09 || byte === 0x0d)

async function* lineRecords(chunks: AsyncIterable<Uint8Array>, keeps: boolean): AsyncGenerator<ReadRecord> {
  for await (const { bytes, next: _, ...place } of linesIn(chunks)) {
    if (bytes === null) yield { ...place, ...tooBig }
    else if (!isBlank(bytes)) yield { ...place, ...readJson(bytes, keeps) }
  }
}

function elementRecord({ bytes, cut, ...place }: Element, keeps: boolean): ReadRecord {
  if (cut) return { ...place, problem: 'unfinished', values: {} }
  return { ...place, ...(bytes === null ? tooBig : readJson(bytes, keeps)) }
}

async function* elementRecords(
  chunks: AsyncIterable<Uint8Array>,
  keeps: boolean,
): AsyncGenerator<ReadRecord> {
  const elements = new JsonElements()
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    for (const element of elements.push(chunk)) yield elementRecord(element, keeps)
  }
  const rest = elements.finish()
  for (const element of rest) yield elementRecord(element, keeps)
  const cut = rest.some((element) => element.cut)
  // The list was never closed: the file may be only a part of what it was.
  if (elements.open && !cut)
    yield { line: elements.line, start: bytes, end: bytes, problem: 'unfinished', values: {} }
}

/** The records of a file's bytes as they stream by. */
export function recordsIn(
  chunks: AsyncIterable<Uint8Array>,
  { container, delimiter = ',', mapping }: ImportPlan,
): AsyncGenerator<ReadRecord> {
  const keeps = mapping.shape === 'lines'
  if (container === 'csv') return csvRecords(chunks, delimiter)
  return (container === 'json' ? elementRecords : lineRecords)(blankMark(chunks), keeps)
}

/**
 * Reads a file record by record, whatever its size; holds one record at a time, and none above 8 MB.
 * @throws the signal's reason, and what the file system says
 */
export async function* readRecords(
  file: string,
  plan: ImportPlan,
  signal?: AbortSignal,
): AsyncGenerator<ReadRecord> {
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file, { highWaterMark: 256 * 1024 })
  for await (const record of recordsIn(chunks, plan)) {
    signal?.throwIfAborted()
    yield record
  }
}
