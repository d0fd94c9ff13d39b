import type { Issue } from '../issue.ts'
import { pathText } from '../issue.ts'
import { type JsonScan, scanJson } from '../json.ts'
import { MAX_LINE_BYTES, type TextLine } from '../jsonl.ts'
import { isRecord, kindOf } from './rule.ts'

/** Keys whose second occurrence changes what the example says. */
const MEANINGFUL = new Set(['messages', 'role', 'content', 'weight'])

export type LineReading =
  | { value: Readonly<Record<string, unknown>>; text: string; issues: Issue[] }
  /** `open`: the text just ends, so the record may go on in the next line. */
  | { value: null; issues: Issue[]; open: boolean }

const at = (line: TextLine, offset = 0) => ({ line: line.number, column: offset + 1, path: '' })

const refused = (issue: Issue, open = false): LineReading => ({ value: null, issues: [issue], open })

/** Reads a line as one JSON object, with everything that its text alone can be blamed for. */
export function readLine(line: TextLine): LineReading {
  if (line.bytes > MAX_LINE_BYTES) {
    const values = { what: 'line', megabytes: MAX_LINE_BYTES / 2 ** 20 }
    return refused({ rule: 'too-big', severity: 'error', ...at(line), values })
  }
  if (line.text === null) {
    const { column = 1, byte = 0 } = line.broken ?? {}
    return refused({ rule: 'not-utf8', severity: 'error', ...at(line, column - 1), values: { byte } })
  }
  const scan = scanJson(line.text)
  if (scan.problem) return unreadable(line, scan.problem)
  const value: unknown = JSON.parse(line.text)
  if (!isRecord(value)) {
    const offset = line.text.search(/\S/)
    const values = { kind: kindOf(value) }
    return refused({ rule: 'not-object', severity: 'error', ...at(line, offset), values })
  }
  return { value, text: line.text, issues: oddities(line, scan) }
}

function unreadable(line: TextLine, { fault, offset }: NonNullable<JsonScan['problem']>): LineReading {
  const rule = fault === 'too-deep' ? 'too-deep' : 'bad-json'
  const issue: Issue = { rule, severity: 'error', ...at(line, offset), values: { fault, offset } }
  return refused(issue, fault === 'unfinished' || fault === 'unterminated-string')
}

const oddities = (line: TextLine, scan: JsonScan): Issue[] =>
  scan.oddities.map(({ kind, path, offset }) => {
    const key = String(path.at(-1) ?? '')
    const severity = kind === 'lone-surrogate' || MEANINGFUL.has(key) ? 'error' : 'warning'
    return {
      rule: kind,
      severity,
      line: line.number,
      column: offset + 1,
      path: pathText(path),
      values: { key },
    }
  })
