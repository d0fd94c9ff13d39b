import { CsvRecord, lineBreakOf, namedSeparator } from './csv-record.ts'

/**
 * The first records of a CSV file: enough to find its delimiter and columns. `CsvRecord` reads whole files.
 */
const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** Most records sampled, and most lines that they span. */
const [SAMPLED, MOST_LINES] = [20, 2_000]

/** The first lines of a text, without a `sep=` line. */
function tableLines(text: string): string[] {
  const lines = text.split(lineBreakOf(text), MOST_LINES)
  return namedSeparator(lines[0] ?? '') === null ? lines : lines.slice(1)
}

/** The text after its first `skip` lines. */
export function belowLines(text: string, skip: number): string {
  let from = 0
  for (let line = 0; line < skip; line++) from = text.indexOf(lineBreakOf(text), from) + 1
  return text.slice(from)
}

/** The first records of a text, without broken ones and a last one that may be cut off. */
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

/** Score of a delimiter: the number of columns in the header, if most records have the same number. */
function agreement(text: string, delimiter: Delimiter): number {
  const [header, ...rows] = csvHead(text, delimiter)
  const columns = header?.length ?? 0
  const agreeing = rows.filter((row) => row.length === columns).length
  return columns > 1 && agreeing * 2 >= rows.length ? columns + agreeing : 0
}

/** The delimiter of the text, or null when it is not a table. */
export function csvDelimiter(text: string): Delimiter | null {
  const named = namedSeparator(text.split(lineBreakOf(text), 1)[0] ?? '')
  const known = delimiters.find((delimiter) => delimiter === named)
  if (known) return known
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, score: agreement(text, delimiter) }))
    .sort((a, b) => b.score - a.score)
  return best && best.score > 0 ? best.delimiter : null
}

/** Column names, made unique and not empty. */
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
