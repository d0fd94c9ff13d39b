import { createReadStream } from 'node:fs'
import { parseExact } from '#lib/training-data/exact.ts'
import { Comments, withoutComments } from '#lib/training-data/formats/comments.ts'
import { type Element, JsonElements, restartIn } from '#lib/training-data/formats/elements.ts'
import { type ListWindow, withinLists } from '#lib/training-data/formats/lists.ts'
import type { ImportPlan, Note, Refused, TalkStyle } from '#lib/training-data/formats/plan.ts'
import { type SpokenLines, Transcript } from '#lib/training-data/formats/transcript.ts'
import { unfolded } from '#lib/training-data/formats/unfold.ts'
import { isRecord } from '#lib/training-data/is-record.ts'
import { type JsonProblem, scanJson } from '#lib/training-data/json.ts'
import { readLoose } from '#lib/training-data/loose-json.ts'
import { csvRecords } from './csv-rows.ts'
import { linesIn, tooBig } from './lines.ts'

/**
 * A record of a file: its value, or why it has none. `text` is its JSON; null for a table row. `doubt` says why the value
 * may not be what was intended.
 */
export type ReadRecord = {
  /** Physical line on which it begins, from 1. */
  line: number
  /** Offset of its first byte, and one past its last. */
  start: number
  end: number
} & (Read | Refused)

type Place = Pick<ReadRecord, 'line' | 'start' | 'end'>

interface Read {
  value: unknown
  text: string | null
  doubt?: Refused
  /** Text to show, where the record is part of another value. */
  shown?: string
}

const BOM = [0xef, 0xbb, 0xbf]
const SPACE = 0x20
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Replaces a byte order mark with spaces, so that offsets stay correct. */
async function* blankMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let seen = 0
  for await (const chunk of chunks) {
    // A mark split across chunks does not occur in real files; it would be reported as broken JSON.
    const marked = seen === 0 && BOM.every((byte, index) => chunk[index] === byte)
    seen += chunk.length
    yield marked ? Uint8Array.from(chunk).fill(SPACE, 0, BOM.length) : chunk
  }
}

/** Reads text that is nearly JSON, such as Python's; the doubt names its origin. */
function readNearly(text: string, { fault }: JsonProblem): Read | Refused {
  if (fault === 'too-deep') return { problem: 'too-deep', values: {} }
  const loose = readLoose(text)
  if (!loose) return { problem: 'not-json', values: {} }
  const doubt: Refused = { problem: 'nearly-json', values: { origin: loose.origin } }
  return { value: parseExact(loose.json), text: loose.json, doubt }
}

function textOrNull(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}

/** @param keeps whether the text is stored unchanged: the checks then report oddities */
function readJson(bytes: Uint8Array, keeps: boolean): Read | Refused {
  const text = textOrNull(bytes)
  if (text === null) return { problem: 'not-utf8', values: {} }
  const { problem, oddities } = scanJson(text)
  if (problem) return readNearly(text, problem)
  for (const { kind, path } of keeps ? [] : oddities) {
    if (kind !== 'duplicate-key' && kind !== 'lone-surrogate') continue
    return { problem: kind, values: { key: String(path.at(-1) ?? '') } }
  }
  return { value: parseExact(text), text }
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === SPACE || byte === 0x09 || byte === 0x0d)

/** The records of a line with several values, or commas around one; null unless all are records. */
function severalIn(bytes: Uint8Array, place: Place, keeps: boolean): ReadRecord[] | null {
  const elements = new JsonElements()
  const found = [...elements.push(bytes), ...elements.finish()]
  const records = found.map(({ start, end, bytes: own }): ReadRecord => {
    const record = own === null ? tooBig : readJson(own, keeps)
    const doubt: Refused = { problem: 'several-records', values: { records: found.length } }
    const inLine = { line: place.line, start: place.start + start, end: place.start + end }
    return { ...inLine, ...('problem' in record ? record : { ...record, doubt }) }
  })
  const isSound =
    records.length > 0 && records.every((record) => !('problem' in record) && isRecord(record.value))
  return isSound ? records : null
}

async function* lineRecords(chunks: AsyncIterable<Uint8Array>, keeps: boolean): AsyncGenerator<ReadRecord> {
  for await (const { bytes, next: _, ...place } of linesIn(chunks)) {
    if (bytes === null) yield { ...place, ...tooBig }
    else if (!isBlank(bytes)) {
      const record = readJson(bytes, keeps)
      const several =
        'problem' in record && record.problem === 'not-json' ? severalIn(bytes, place, keeps) : null
      if (several) yield* several
      else yield { ...place, ...record }
    }
  }
}

/** The turns of a plain-text chat. */
async function* spokenRecords(
  chunks: AsyncIterable<Uint8Array>,
  style: TalkStyle,
  tell: Tell,
): AsyncGenerator<ReadRecord> {
  const transcript = new Transcript(style)
  /** Place of each line of the current turn. */
  const places: Place[] = []
  const recordsOf = (spoken: SpokenLines | null): ReadRecord[] => {
    if (!spoken) return []
    const { record: value, from, to } = spoken
    const own = places.filter(({ line }) => line >= from && line <= to)
    places.splice(0, places.findLastIndex(({ line }) => line <= to) + 1)
    const [start = 0, end = 0] = [own[0]?.start, own.at(-1)?.end]
    return [{ line: from, start, end, value, text: null }]
  }
  for await (const { bytes, next: _, ...place } of linesIn(blankMark(chunks))) {
    if (bytes === null) yield { ...place, ...tooBig }
    else {
      const turn = textOrNull(bytes)
      if (turn === null) yield { ...place, problem: 'not-utf8', values: {} }
      else yield* recordsOf(transcript.add(turn, place.line))
      places.push(place)
    }
  }
  yield* recordsOf(transcript.finish())
  if (transcript.notices > 0) tell('notices', transcript.notices)
}

/** Most bytes reread after broken records. */
const MOST_REREAD = 256 * 2 ** 20

/** Reads the records of a JSON file, and restarts inside a broken record that has swallowed others. */
class ElementReader {
  readonly #keeps: boolean
  #elements = new JsonElements()
  #offset = 0
  #reread = 0

  constructor(keeps: boolean) {
    this.#keeps = keeps
  }

  *add(chunk: Uint8Array): Generator<ReadRecord> {
    const pieces = [chunk]
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      const from = this.#offset
      this.#offset += piece.length
      for (const element of this.#elements.push(piece)) {
        const rest = yield* this.#settle(element)
        if (!rest) continue
        pieces.unshift(rest, piece.subarray(element.end - from))
        break
      }
    }
  }

  *finish(): Generator<ReadRecord> {
    for (let [last] = this.#elements.finish(); last; [last] = this.#elements.finish()) {
      const rest = yield* this.#settle(last)
      if (rest) yield* this.add(rest)
      else if (last.cut) return
    }
    // The list was never closed: the file may be incomplete.
    if (!this.#elements.open) return
    const { line } = this.#elements
    yield { line, start: this.#offset, end: this.#offset, problem: 'unfinished', values: {} }
  }

  /** Yields the record of an element. @returns bytes to reread, from the next record on */
  *#settle(element: Element): Generator<ReadRecord, Uint8Array | null> {
    const record = this.#record(element)
    const restart = 'problem' in record && this.#reread < MOST_REREAD ? restartIn(element) : null
    if (!restart || !element.bytes) {
      if (!element.long) yield record
      return null
    }
    const { line, start, inList } = element
    const offset = start + restart.at
    yield { line, start, end: offset, problem: 'not-json', values: {} }
    this.#reread += element.bytes.length - restart.at
    this.#offset = offset
    this.#elements = new JsonElements({ line: line + restart.lines, offset, inList })
    return element.bytes.subarray(restart.at)
  }

  #record({ bytes, cut, long, line, start, end }: Element): ReadRecord {
    const place = { line, start, end }
    if (cut) return { ...place, problem: 'unfinished', values: {} }
    return { ...place, ...(bytes === null || long ? tooBig : readJson(bytes, this.#keeps)) }
  }
}

async function* elementRecords(
  chunks: AsyncIterable<Uint8Array>,
  keeps: boolean,
): AsyncGenerator<ReadRecord> {
  const reader = new ElementReader(keeps)
  for await (const chunk of chunks) yield* reader.add(chunk)
  yield* reader.finish()
}

/**
 * Streams the records of a file.
 * @param window the lists to read in a JSON file that is one object
 * @param tell called with what was skipped
 */
export async function* recordsIn(
  bytes: AsyncIterable<Uint8Array>,
  plan: ImportPlan,
  window: ListWindow | null = null,
  tell: Tell = () => {},
): AsyncGenerator<ReadRecord> {
  for await (const record of storedRecords(bytes, plan, window, tell)) {
    if (!plan.unfold || 'problem' in record) yield record
    else
      for (const value of unfolded(record.value, plan.unfold))
        yield { ...record, value, text: null, shown: JSON.stringify(value) }
  }
}

/** Called at the end of the file with what was skipped between the records. */
export type Tell = (note: Note, count: number) => void

/** A file without its comments. */
async function* codeless(
  chunks: AsyncIterable<Uint8Array>,
  code: 'comments' | 'given',
  tell: Tell,
): AsyncGenerator<Uint8Array> {
  const comments = new Comments(code === 'given')
  yield* withoutComments(chunks, comments)
  if (comments.count > 0) tell('comments', comments.count)
}

/** Records before unfolding. */
function storedRecords(
  bytes: AsyncIterable<Uint8Array>,
  { container, delimiter = ',', headless, skip, code, mapping, talk }: ImportPlan,
  window: ListWindow | null,
  tell: Tell,
): AsyncGenerator<ReadRecord> {
  const keeps = mapping.shape === 'lines'
  const plain = code ? codeless(blankMark(bytes), code, tell) : bytes
  const chunks = window ? withinLists(plain, window) : plain
  if (skip) tell('title-lines', skip)
  if (container === 'csv') return csvRecords(chunks, delimiter, { headless, skip })
  if (container === 'text') return spokenRecords(chunks, talk ?? 'named', tell)
  return (container === 'json' ? elementRecords : lineRecords)(blankMark(chunks), keeps)
}

/** The bytes of a file, in chunks of 256 KB. */
export const openFile = (file: string): AsyncIterable<Uint8Array> =>
  createReadStream(file, { highWaterMark: 256 * 1024 })
