import type { Leftover, WrappedList } from './plan.ts'

/** Reads a JSON file that is one object, such as `{"version": 1, "train": […], "test": […]}`, list by list. */

const LF = 0x0a
const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d]
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d]
const COMMA = 0x2c

/** Most bytes kept of a key, and of a value's sample. */
const [MOST_KEY, MOST_SHOWN] = [200, 200]

const decoder = new TextDecoder()
const textOf = (bytes: readonly number[]): string => decoder.decode(Uint8Array.from(bytes))
const isSpace = (byte: number): boolean => byte === SPACE || byte === LF || byte === 0x09 || byte === 0x0d

function keyOf(bytes: readonly number[]): string {
  try {
    return String(JSON.parse(textOf(bytes)))
  } catch {
    return textOf(bytes)
  }
}

/** A list that was read: its number of objects, and the start of its JSON. */
interface SeenList {
  members: number
  sample: string
}

/**
 * Replaces everything in a streamed object except the wanted lists by spaces: every byte keeps its offset, and the
 * reader sees one list after the other.
 */
export class ListWindow {
  /** The lists read until now. */
  readonly lists = new Map<string, SeenList>()
  /** Other members of the object, with the start of their JSON. */
  readonly others = new Map<string, string>()
  readonly #wanted: ReadonlySet<string> | null
  #depth = 0
  #inString = false
  #escaped = false
  #key = ''
  #bytes: number[] = []
  #isValue = false
  #isList = false
  #members = 0

  /** @param wanted names of lists; null for all of them */
  constructor(wanted: readonly string[] | null) {
    this.#wanted = wanted && new Set(wanted)
  }

  /** A copy of the bytes with only the wanted lists. */
  push(chunk: Uint8Array): Uint8Array {
    const shown = Uint8Array.from(chunk)
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      const inside = this.#inWanted()
      this.#read(byte)
      if (!inside && !this.#inWanted() && byte !== LF) shown[at] = SPACE
    }
    return shown
  }

  #inWanted(): boolean {
    return this.#isList && (this.#wanted?.has(this.#key) ?? true)
  }

  #read(byte: number): void {
    if (this.#isList) this.#note(byte)
    if (this.#inString) this.#readString(byte)
    else if (byte === QUOTE) {
      this.#inString = true
      if (this.#depth === 1) this.#note(byte)
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#open(byte)
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#close(byte)
    else if (this.#depth === 1) this.#between(byte)
  }

  #readString(byte: number): void {
    if (this.#depth === 1) this.#note(byte)
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }

  #between(byte: number): void {
    if (byte === COMMA) this.#settle()
    else if (byte === 0x3a && !this.#isValue) {
      this.#key = keyOf(this.#bytes)
      this.#bytes = []
      this.#isValue = true
    } else if (!isSpace(byte)) this.#note(byte)
  }

  #open(byte: number): void {
    if (this.#depth === 1 && this.#isValue && byte === OPEN_LIST) this.#isList = true
    if (this.#depth === 2 && this.#isList && byte === OPEN_OBJECT) this.#members++
    if (this.#depth === 1 && !this.#isList) this.#note(byte)
    this.#depth++
  }

  #close(byte: number): void {
    this.#depth--
    if (this.#depth === 1 && this.#isList) {
      this.lists.set(this.#key, this.#seenList())
      this.#isList = false
      this.#members = 0
      this.#bytes = []
    } else if (this.#depth === 1) this.#note(byte)
    if (this.#depth === 0) this.#settle()
  }

  #note(byte: number): void {
    if (this.#bytes.length < (this.#isValue ? MOST_SHOWN : MOST_KEY)) this.#bytes.push(byte)
  }

  /** Ends a member. */
  #settle(): void {
    if (this.#isValue && this.#bytes.length > 0) this.others.set(this.#key, textOf(this.#bytes))
    this.#bytes = []
    this.#isValue = false
  }

  /** The lists, including one that the bytes cut off. */
  seen(): ReadonlyMap<string, SeenList> {
    return this.#isList ? new Map([...this.lists, [this.#key, this.#seenList()]]) : this.lists
  }

  #seenList(): SeenList {
    return { members: this.#members, sample: `[${textOf(this.#bytes)}` }
  }
}

/** The bytes of a file with only the records of its wanted lists. */
export async function* withinLists(
  chunks: AsyncIterable<Uint8Array>,
  window: ListWindow,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield window.push(chunk)
}

const HELDOUT =
  /^(test|testing|valid|validation|val|dev|eval|evaluation|heldout|held[_-]out)(_?(set|data|split))?$/i
const RECORDS =
  /^(train|training|data|rows|examples|records|items|dataset|samples|instances|conversations|entries|messages|intents)(_?(set|data|split))?$/i

/** Whether a list of this name usually has records. */
export const isRecordList = (name: string): boolean => RECORDS.test(name) || HELDOUT.test(name)

/**
 * The lists of records in an object, by the beginning of its file.
 * @param isWhole `head` is the whole file and has no known shape, so a list of any name may have the records
 * @returns null when the object does not wrap lists
 */
export function wrappedLists(head: Uint8Array, isWhole: boolean): WrappedList[] | null {
  const window = new ListWindow(null)
  window.push(head)
  const names = [...window.seen()].filter(([, { members }]) => members > 0).map(([name]) => name)
  const known = names.some(isRecordList)
  if (names.length === 0 || (!known && !(isWhole && names.length === 1))) return null
  const isNamed = names.some((name) => RECORDS.test(name))
  const side = (name: string) =>
    HELDOUT.test(name) ? 'heldout' : isNamed && !RECORDS.test(name) ? 'leave' : 'train'
  return names.map((name) => ({ name, split: side(name) }))
}

/** A window on the lists of one split; without `split`, of both. */
export const windowOn = (lists: readonly WrappedList[], split?: 'train' | 'heldout'): ListWindow =>
  new ListWindow(
    lists.filter((list) => (split ? list.split === split : list.split !== 'leave')).map(({ name }) => name),
  )

/** The members of an object besides the lists that were read, as fields left out. */
export function outside(window: ListWindow, lists: readonly WrappedList[]): Leftover[] {
  const read = new Set(lists.filter(({ split }) => split !== 'leave').map(({ name }) => name))
  const unread = [...window.seen()].filter(([name]) => !read.has(name))
  const told = [
    ...Array.from(window.others, ([path, sample]) => ({ path, sample, count: 1 })),
    ...unread.map(([path, { members, sample }]) => ({ path, sample, count: Math.max(1, members) })),
  ]
  return told.map((one) => ({ ...one, nested: false, differs: false, isId: false }))
}
