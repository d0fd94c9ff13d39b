import { scanJson } from '../json.ts'
import { readLoose } from '../loose-json.ts'
import { isRecord } from '../rules/rule.ts'
import { columnNames, csvDelimiter, csvHead } from './csv-head.ts'
import { JsonElements } from './elements.ts'
import type { ImportPlan, Mapping } from './plan.ts'

type Named = Readonly<Record<string, unknown>>

/** Records that are looked at, and names that are offered. */
const [SAMPLED, MOST_COLUMNS] = [20, 100]

const meanings = {
  system: /^(system|system[ _-]?prompt)$/i,
  user: /^(prompt|question|instruction|input|user|query)$/i,
  assistant: /^(completion|answer|output|response|assistant|chosen|reply)$/i,
  rejected: /^rejected$/i,
  weight: /^weight$/i,
}

function parsed(text: string): unknown {
  const json = scanJson(text).problem ? readLoose(text)?.json : text
  return json === undefined ? undefined : (JSON.parse(json) as unknown)
}

/** The first lines of a text; the last one may be cut off and is then no JSON. */
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

/** Whether the first record goes on over several lines, or stands among others on one that CRs end. */
function isSpread(head: Uint8Array, extension: string): boolean {
  const [first] = elementsOf(head)
  return isRecord(first) || extension === 'json'
}

function containerOf(head: Uint8Array, text: string, extension: string): ImportPlan['container'] {
  const start = text.trimStart()
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) {
    const [first = ''] = firstLines(start)
    return parsed(first) === undefined && isSpread(head, extension) ? 'json' : 'jsonl'
  }
  if (extension === 'csv' || extension === 'tsv') return 'csv'
  if (extension === 'jsonl' || extension === 'ndjson' || extension === 'json') return 'jsonl'
  return csvDelimiter(start) ? 'csv' : 'jsonl'
}

/** The columns whose names say what they are. */
export function guessColumns(columns: readonly string[]): Mapping | null {
  const find = (meaning: RegExp) => columns.find((column) => meaning.test(column)) ?? null
  const [user, assistant] = [find(meanings.user), find(meanings.assistant)]
  if (user === null || assistant === null) return null
  return {
    shape: 'columns',
    system: find(meanings.system),
    systemText: null,
    user,
    assistant,
    rejected: find(meanings.rejected),
    weight: find(meanings.weight),
  }
}

function guessRecords(records: readonly Named[], columns: readonly string[]): Mapping {
  const have = (...keys: string[]) => records.some((record) => keys.every((key) => key in record))
  if (have('messages') || have('preferred_output')) return { shape: 'lines' }
  if (have('conversations')) return { shape: 'sharegpt' }
  if (have('instruction', 'output')) return { shape: 'alpaca' }
  if (have('prompt', 'completion')) return { shape: 'prompt-completion' }
  return guessColumns(columns) ?? { shape: 'lines' }
}

function guessTable(columns: readonly string[]): Mapping {
  if (columns.includes('messages') || columns.includes('preferred_output')) return { shape: 'lines' }
  if (columns.includes('conversations')) return { shape: 'sharegpt' }
  const [first = 'column 1', second = first] = columns
  return (
    guessColumns(columns) ?? {
      shape: 'columns',
      system: null,
      systemText: null,
      user: first,
      assistant: second,
      rejected: null,
      weight: null,
    }
  )
}

function sniffTable(text: string, extension: string): { plan: ImportPlan; columns: string[] } {
  const delimiter = csvDelimiter(text) ?? (extension === 'tsv' ? '\t' : ',')
  const columns = columnNames(csvHead(text, delimiter)[0] ?? [])
  return { plan: { container: 'csv', delimiter, mapping: guessTable(columns) }, columns }
}

/** Names in a file that is read by this container. */
export function columnsOf(head: Uint8Array, { container, delimiter = ',' }: ImportPlan): string[] {
  const text = new TextDecoder().decode(head)
  if (container === 'csv') return columnNames(csvHead(text, delimiter)[0] ?? []).slice(0, MOST_COLUMNS)
  return keysOf(recordsOf(head, text, container))
}

function recordsOf(head: Uint8Array, text: string, container: 'jsonl' | 'json'): Named[] {
  const values = container === 'json' ? elementsOf(head) : firstLines(text).map(parsed)
  return values.filter(isRecord)
}

const keysOf = (records: readonly Named[]): string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].slice(0, MOST_COLUMNS)

/**
 * Tells what a file is by its beginning and its name. Never refuses: what fits nothing is taken line by line.
 * @param head the first bytes, the last record cut off or not
 * @returns how to read it, and the names that a mapping of columns may use
 */
export function sniff(head: Uint8Array, name: string): { plan: ImportPlan; columns: string[] } {
  const text = new TextDecoder().decode(head)
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const container = containerOf(head, text, extension)
  if (container === 'csv') return sniffTable(text, extension)
  const records = recordsOf(head, text, container)
  const columns = keysOf(records)
  return { plan: { container, mapping: guessRecords(records, columns) }, columns }
}
