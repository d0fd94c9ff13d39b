import { CsvRecord, lineBreakOf, namedSeparator } from './csv-record.ts'

/**
 * The beginning of a CSV file, cut into cells: enough to tell its delimiter and its columns. Reading all of it
 * is another's work.
 */
const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** Records that are looked at, and lines that they may take. */
const [SAMPLED, MOST_LINES] = [20, 2_000]

/** The first lines of a text without the one that names the delimiter. */
function tableLines(text: string): string[] {
  const lines = text.split(lineBreakOf(text), MOST_LINES)
  return namedSeparator(lines[0] ?? '') === null ? lines : lines.slice(1)
}

/** A text without its first lines. */
export function belowLines(text: string, skip: number): string {
  let from = 0
  for (let line = 0; line < skip; line++) from = text.indexOf(lineBreakOf(text), from) + 1
  return text.slice(from)
}

/** The first records of a text; one that is broken or may be cut off is left out. */
export function csvHead(text: string, delimiter: Delimiter): string[][] {
  const records: string[][] = []
  let record = new CsvRecord(delimiter)
  let open = false
  for (const line of tableLines(text)) {
    if (records.length === SAMPLED) break
    if (!open && (line === '' || line === '\r')) continue
    const state = record.add(line)
    open = state === 'open'
    if (state === 'whole') records.push(record.cells)
    if (!open) record = new CsvRecord(delimiter)
  }
  return records
}

/** How well a delimiter fits: the columns that it makes of the header, if most records agree with it. */
function agreement(text: string, delimiter: Delimiter): number {
  const [header, ...rows] = csvHead(text, delimiter)
  const columns = header?.length ?? 0
  const agreeing = rows.filter((row) => row.length === columns).length
  return columns > 1 && agreeing * 2 >= rows.length ? columns + agreeing : 0
}

/** The delimiter that makes a table of the text, or null when none does. */
export function csvDelimiter(text: string): Delimiter | null {
  const named = namedSeparator(text.split(lineBreakOf(text), 1)[0] ?? '')
  const known = delimiters.find((delimiter) => delimiter === named)
  if (known) return known
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, score: agreement(text, delimiter) }))
    .sort((a, b) => b.score - a.score)
  return best && best.score > 0 ? best.delimiter : null
}

/** Names to call columns by: none is empty and none comes twice. */
export function columnNames(header: readonly string[]): string[] {
  const names = new Set<string>()
  const twins = new Map<string, number>()
  for (const [index, cell] of header.entries()) {
    const wanted = cell.trim() || `column ${index + 1}`
    let twin = twins.get(wanted) ?? 1
    let name = twin === 1 ? wanted : `${wanted} (${twin})`
    while (names.has(name)) name = `${wanted} (${++twin})`
    twins.set(wanted, twin)
    names.add(name)
  }
  return [...names]
}
