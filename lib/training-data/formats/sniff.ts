import { isRecord } from '../is-record.ts'
import { scanJson } from '../json.ts'
import { readLoose } from '../loose-json.ts'
import { columnsNamed } from './answers.ts'
import { chatLog, speakersIn } from './chat-log.ts'
import { Comments, codeIn } from './comments.ts'
import { belowLines, columnNames, csvDelimiter, csvHead } from './csv-head.ts'
import { JsonElements } from './elements.ts'
import { unpacked } from './fields.ts'
import { meaningOf } from './headings.ts'
import { windowOn, wrappedLists } from './lists.ts'
import type { ImportPlan, Mapping, TalkStyle } from './plan.ts'
import { recognise } from './table.ts'
import { type SpokenRecord, Transcript, talkStyleOf } from './transcript.ts'
import { recogniseIn, unfolded } from './unfold.ts'

type Named = Readonly<Record<string, unknown>>

/** Most records sampled, and most column names offered. */
const [SAMPLED, MOST_COLUMNS] = [20, 100]

function parsed(text: string): unknown {
  const json = scanJson(text).problem ? readLoose(text)?.json : text
  return json === undefined ? undefined : (JSON.parse(json) as unknown)
}

/** The first lines of a text; the last one may be cut off, and then is not JSON. */
const firstLines = (text: string): string[] =>
  text
    .split('\n', SAMPLED * 2)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLED)

function elementsOf(head: Uint8Array): unknown[] {
  const elements = new JsonElements()
  const decoder = new TextDecoder()
  return elements
    .push(head)
    .slice(0, SAMPLED)
    .map(({ bytes }) => (bytes ? parsed(decoder.decode(bytes)) : undefined))
}

/** Whether the first record spans several lines, or lines end in CR only. */
function isSpread(head: Uint8Array, extension: string): boolean {
  const [first] = elementsOf(head)
  return isRecord(first) || extension === 'json'
}

/** Whether each of the first lines is a list of turns or texts, and not a list of records. */
function isListEachLine(text: string): boolean {
  const values = firstLines(text).slice(0, 3).map(parsed)
  return (
    values.length > 1 && values.slice(0, 2).every((value) => recogniseIn([value])?.unfold?.from === 'turns')
  )
}

function containerOf(head: Uint8Array, text: string, extension: string): ImportPlan['container'] {
  const start = text.trimStart()
  // A date in brackets is not a list.
  if (/^[\u200e\ufeff]*\[\d/.test(start) && talkStyleOf(start)) return 'text'
  if (start.startsWith('[')) return isListEachLine(start) ? 'jsonl' : 'json'
  if (start.startsWith('{')) {
    const [first = ''] = firstLines(start)
    return parsed(first) === undefined && isSpread(head, extension) ? 'json' : 'jsonl'
  }
  if (extension === 'csv' || extension === 'tsv') return 'csv'
  if (talkStyleOf(text)) return 'text'
  if (extension === 'jsonl' || extension === 'ndjson' || extension === 'json') return 'jsonl'
  return csvDelimiter(start) ? 'csv' : 'jsonl'
}

/** The rows of a table as records; of a table without rows, one empty record. */
function tableRecords(columns: readonly string[], rows: readonly string[][]): Named[] {
  const cells = rows.length > 0 ? rows : [[]]
  return cells.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? ''])))
}

/** A sentence or long text, which is not a column name. */
const isSentence = (cell: string): boolean => /[.!?؟。！？]["'”»)]?$/.test(cell) || cell.length > 60
const isFigure = (cell: string): boolean => cell === '' || /^[\d.,:/ -]+$/.test(cell)

/** Whether the first line of a table is a row: it has sentences and no known column name. */
function isHeadless(cells: readonly string[]): boolean {
  const words = cells.map((cell) => cell.trim()).filter((cell) => !isFigure(cell))
  return words.length > 0 && words.every(isSentence) && cells.every((cell) => meaningOf(cell) === null)
}

/** Most lines above the headings of a table. */
const MOST_TITLES = 5

/** Reads the headings and first rows of a table after `skip` lines. */
function headed(text: string, extension: string, skip: number) {
  const table = belowLines(text, skip)
  const delimiter = csvDelimiter(table) ?? (extension === 'tsv' ? '\t' : ',')
  const [header = [], ...rows] = csvHead(table, delimiter)
  const columns = columnNames(header)
  return { delimiter, header, columns, mapping: recognise(tableRecords(columns, rows)), skip }
}

const isOpen = ({ mapping }: { mapping: Mapping | null }): boolean =>
  mapping === null || mapping.shape === 'foreign'

/** Whether the lines above the headings have one cell each, unlike rows. */
const isTitle = (text: string, { skip, delimiter }: ReturnType<typeof headed>): boolean =>
  csvHead(text.slice(0, text.length - belowLines(text, skip).length), delimiter).every(
    (cells) => cells.filter((cell) => cell.trim() !== '').length < 2,
  )

function sniffTable(text: string, extension: string): { plan: ImportPlan; columns: string[] } {
  const first = headed(text, extension, 0)
  const { delimiter } = first
  if (isHeadless(first.header)) {
    const columns = columnNames(first.header.map(() => ''))
    const mapping = columnsNamed(columns)
    return { plan: { container: 'csv', delimiter, headless: true, mapping }, columns }
  }
  const mayBeTitle = isOpen(first) && first.columns.length <= MOST_COLUMNS
  const skips = mayBeTitle ? Array.from({ length: MOST_TITLES }, (_, at) => at + 1) : []
  const titled = skips
    .map((skip) => headed(text, extension, skip))
    .find((one) => !isOpen(one) && isTitle(text, one))
  const { columns, mapping, skip, ...found } = titled ?? first
  return {
    plan: {
      container: 'csv',
      delimiter: found.delimiter,
      ...(skip > 0 && { skip }),
      mapping: mapping ?? columnsNamed(columns),
    },
    columns,
  }
}

/** The turns of a text as records. */
function spokenIn(text: string, style: TalkStyle): SpokenRecord[] {
  const transcript = new Transcript(style)
  const turns = text.split('\n').map((line, at) => transcript.add(line, at + 1))
  return [...turns, transcript.finish()].flatMap((turn) => (turn ? [turn.record] : []))
}

function sniffTalk(text: string): { plan: ImportPlan; columns: string[] } {
  const talk = talkStyleOf(text) ?? 'named'
  const records = spokenIn(text, talk)
  const mapping = chatLog.mapping(records as unknown as Named[])
  return { plan: { container: 'text', talk, mapping }, columns: speakersIn(records as unknown as Named[]) }
}

/** Names of fields in a file read as this container, or of speakers in a chat. */
export function columnsOf(
  head: Uint8Array,
  { container, delimiter = ',', headless, lists, unfold, talk, mapping, skip = 0, code }: ImportPlan,
): string[] {
  const bytes = code ? new Comments(code === 'given').push(head, true) : head
  const text = new TextDecoder().decode(lists ? windowOn(lists).push(bytes) : bytes)
  if (container === 'csv') {
    const [header = []] = csvHead(belowLines(text, skip), delimiter)
    return columnNames(headless ? header.map(() => '') : header).slice(0, MOST_COLUMNS)
  }
  if (container === 'text') return speakersIn(spokenIn(text, talk ?? 'named') as unknown as Named[])
  const values = mapping.shape === 'chat-log' ? everyValue(text, container) : valuesOf(text, container)
  if (mapping.shape === 'chat-log') return speakersIn(values.filter(isRecord))
  return keysOf(unfold ? values.flatMap((value) => unfolded(value, unfold)) : values)
}

/** The records in the beginning of a file. */
function everyValue(text: string, container: 'jsonl' | 'json'): unknown[] {
  if (container === 'jsonl') return text.split('\n').map(parsed)
  return new JsonElements()
    .push(new TextEncoder().encode(text))
    .map(({ bytes }) => (bytes ? parsed(new TextDecoder().decode(bytes)) : undefined))
}

const valuesOf = (text: string, container: 'jsonl' | 'json'): unknown[] =>
  container === 'json' ? elementsOf(new TextEncoder().encode(text)) : firstLines(text).map(parsed)

const keysOf = (values: readonly unknown[]): string[] =>
  [...new Set(values.filter(isRecord).flatMap((record) => Object.keys(record)))].slice(0, MOST_COLUMNS)

/** The plan for a file that is one object with lists of records; null for other files. */
function sniffLists(head: Uint8Array, isWhole: boolean): { plan: ImportPlan; columns: string[] } | null {
  const lists = wrappedLists(head, isWhole)
  if (!lists) return null
  const values = valuesOf(new TextDecoder().decode(windowOn(lists).push(head)), 'json')
  const found = recogniseIn(values) ?? { mapping: { shape: 'lines' } }
  const plan: ImportPlan = { container: 'json', ...found, lists }
  return { plan, columns: plan.mapping.shape === 'chat-log' ? columnsOf(head, plan) : keysOf(values) }
}

/** Whether training lines have their messages encoded as text. */
const isPacked = ({ shape }: Mapping, values: readonly unknown[]): boolean =>
  shape === 'lines' &&
  values.some(
    (value) =>
      isRecord(value) && typeof value.messages === 'string' && unpacked(value.messages) !== value.messages,
  )

/**
 * Recognizes a file by its beginning and its name. Never fails: an unknown file is read line by line.
 * @param head the first bytes; the last record may be cut off
 * @returns how to read it, and the column names for a mapping
 */
export function sniff(head: Uint8Array, name: string): { plan: ImportPlan; columns: string[] } {
  const code = codeIn(head)
  if (!code) return sniffPlain(head, name)
  const { plan, columns } = sniffPlain(new Comments(code === 'given').push(head, true), name)
  return { plan: { ...plan, container: 'json', code }, columns }
}

function sniffPlain(head: Uint8Array, name: string): { plan: ImportPlan; columns: string[] } {
  const text = new TextDecoder().decode(head)
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const container = containerOf(head, text, extension)
  if (container === 'csv') return sniffTable(text, extension)
  if (container === 'text') return sniffTalk(text)
  const values = valuesOf(text, container).filter((value) => value !== undefined)
  const found = recogniseIn(values)
  const wrapped = found === null && values.length < 2 ? sniffLists(head, values.length === 1) : null
  const columns =
    found?.mapping.shape === 'chat-log' ? columnsOf(head, { container, ...found }) : keysOf(values)
  // Records of no known shape: the user maps the fields.
  const unknown: Mapping = columns.length > 1 ? columnsNamed(columns) : { shape: 'lines' }
  if (wrapped) return wrapped
  const plan: ImportPlan = { container, ...(found ?? { mapping: unknown }) }
  return { plan: isPacked(plan.mapping, values) ? { ...plan, container: 'json' } : plan, columns }
}
