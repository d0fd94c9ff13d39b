/**
 * The beginning of a CSV file, cut into cells: enough to tell its delimiter and its columns. Reading all of it
 * is another's work.
 */
const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

const SAMPLED = 20

/** The first records of a text; a last one that may be cut off is left out unless it is the only one. */
export function csvHead(text: string, delimiter: Delimiter): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let cell = ''
  let quoted = false
  const endRecord = () => {
    record.push(cell)
    if (record.length > 1 || cell !== '') records.push(record)
    record = []
    cell = ''
  }
  for (let at = 0; at < text.length && records.length < SAMPLED; at++) {
    const sign = text[at]
    if (sign === '"') {
      if (quoted && text[at + 1] === '"') cell += text[at++]
      else quoted = !quoted
    } else if (quoted) cell += sign
    else if (sign === delimiter) {
      record.push(cell)
      cell = ''
    } else if (sign === '\n') endRecord()
    else if (sign !== '\r' || text[at + 1] !== '\n') cell += sign
  }
  if (records.length === 0) endRecord()
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
