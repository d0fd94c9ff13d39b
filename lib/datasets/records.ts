import { createReadStream } from 'node:fs'
import { parseExact } from '#lib/training-data/exact.ts'
import { Comments, withoutComments } from '#lib/training-data/formats/comments.ts'
import { type Element, JsonElements, restartIn } from '#lib/training-data/formats/elements.ts'
import { type ListWindow, withinLists } from '#lib/training-data/formats/lists.ts'
import type { ImportPlan, Note, Refused } from '#lib/training-data/formats/plan.ts'
import { type SpokenLines, type TalkStyle, Transcript } from '#lib/training-data/formats/transcript.ts'
import { unfolded } from '#lib/training-data/formats/unfold.ts'
import { type JsonProblem, scanJson } from '#lib/training-data/json.ts'
import { readLoose } from '#lib/training-data/loose-json.ts'
import { isRecord } from '#lib/training-data/rules/rule.ts'
import { csvRecords } from './csv-rows.ts'
import { linesIn, tooBig } from './lines.ts'

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
} & (Read | Refused)

type Place = Pick<ReadRecord, 'line' | 'start' | 'end'>

interface Read {
  value: unknown
  text: string | null
  doubt?: Refused
  /** What is shown of it, where it stands inside of another value. */
  shown?: string
}

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

/** What is nearly JSON is read, and doubted by the name of its writer. */
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

/** @param keeps the text is taken over as it is, so what is odd about it is left to the checks */
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

/** The records of a line that holds more than one value, or commas beside it; null when one of them is none. */
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

/** The turns of a chat that is a text. */
async function* spokenRecords(
  chunks: AsyncIterable<Uint8Array>,
  style: TalkStyle,
  tell: Tell,
): AsyncGenerator<ReadRecord> {
  const transcript = new Transcript(style)
  /** Where each line begins and ends that belongs to the turn. */
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

/** Bytes that are read a second time behind broken records, at most. */
const MOST_REREAD = 256 * 2 ** 20

/** Reads the records of a JSON file, and goes on behind one that is broken and has swallowed others. */
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
    // The list was never closed: the file may be only a part of what it was.
    if (!this.#elements.open) return
    const { line } = this.#elements
    yield { line, start: this.#offset, end: this.#offset, problem: 'unfinished', values: {} }
  }

  /** Tells what an element is. @returns bytes that are to be read again, from the next record on */
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
 * The records of a file's bytes as they stream by, out of what holds them.
 * @param window of a JSON file that is one object: the lists that are read
 * @param tell is told what was passed over
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

/** Is told what was passed over between the records, once the file has been read. */
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

/** Records as the file holds them. */
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

/** The bytes of a file, in pieces of a size that disks like. */
export const openFile = (file: string): AsyncIterable<Uint8Array> =>
  createReadStream(file, { highWaterMark: 256 * 1024 })
