import { isRecord } from '../is-record.ts'
import { brief, firstOfEach, type LineIssue, pathText } from '../issue.ts'
import { type JsonScan, type Oddity, scanJson } from '../json.ts'
import { isWellFormed, precheckJson, spellsSurrogates } from '../json-precheck.ts'
import { MAX_LINE_BYTES, type TextLine } from '../jsonl.ts'
import { originAt } from '../loose-json.ts'
import { hasEmptyKeys, withoutNulls } from './nulls.ts'
import { kindOf, type LooseObject } from './rule.ts'

/** Keys whose duplicate changes the example's meaning. */
const MEANINGFUL = new Set([
  'messages',
  'role',
  'content',
  'weight',
  'input',
  'preferred_output',
  'non_preferred_output',
  'tool_calls',
])

export type LineReading =
  /** Without keys that are null. `nulls`: some of these have no meaning, see `hasEmptyKeys`. */
  | { value: LooseObject; text: string; issues: LineIssue[]; nulls: boolean }
  /** `open`: the JSON is unfinished, so the record may continue on the next line. */
  | { value: null; issues: LineIssue[]; open: boolean }

const place = (offset = 0) => ({ column: offset + 1, path: '' })

const refused = (issue: LineIssue, open = false): LineReading => ({ value: null, issues: [issue], open })

/** The value of a text without oddities, as nearly all are; null when `scanJson` is needed. */
function parseQuickly(text: string): { value: unknown; nulls: boolean } | null {
  const seen = precheckJson(text)
  if (seen === 'odd') return null
  try {
    const value: unknown = JSON.parse(text)
    return spellsSurrogates(text) && !isWellFormed(value) ? null : { value, nulls: seen === 'null' }
  } catch {
    return null
  }
}

/** Reads a line as one JSON object, with the issues of its text. */
export function readLine(line: TextLine): LineReading {
  if (line.bytes > MAX_LINE_BYTES) {
    const values = { what: 'line', megabytes: MAX_LINE_BYTES / 2 ** 20 }
    return refused({ rule: 'too-big', severity: 'error', ...place(), values })
  }
  if (line.text === null) {
    const { column = 1, byte = 0 } = line.broken ?? {}
    return refused({ rule: 'not-utf8', severity: 'error', ...place(column - 1), values: { byte } })
  }
  const quick = parseQuickly(line.text)
  return quick ? asObject(quick.value, line.text, [], quick.nulls) : parseClosely(line.text)
}

function parseClosely(text: string): LineReading {
  const scan = scanJson(text)
  if (scan.problem) return unreadable(scan.problem, text)
  return asObject(JSON.parse(text), text, firstOfEach(scan.oddities.map(oddity)), true)
}

function asObject(value: unknown, text: string, issues: LineIssue[], nulls: boolean): LineReading {
  if (isRecord(value))
    return nulls
      ? { value: withoutNulls(value) as LooseObject, text, issues, nulls: hasEmptyKeys(value) }
      : { value, text, issues, nulls }
  const values = { kind: kindOf(value) }
  return refused({ rule: 'not-object', severity: 'error', ...place(text.search(/\S/)), values })
}

function unreadable({ fault, offset }: NonNullable<JsonScan['problem']>, text: string): LineReading {
  const rule = fault === 'too-deep' ? 'too-deep' : 'bad-json'
  const origin = originAt(text, offset)
  const values: LineIssue['values'] = origin ? { fault, offset, origin } : { fault, offset }
  const issue: LineIssue = { rule, severity: 'error', ...place(offset), values }
  return refused(issue, fault === 'unfinished' || fault === 'unterminated-string')
}

/** An error if it silently changes the example; a warning for numbers and unimportant keys. */
function oddity({ kind, path, offset }: Oddity): LineIssue {
  const key = String(path.at(-1) ?? '')
  const harmless = kind === 'number-precision' || (kind === 'duplicate-key' && !MEANINGFUL.has(key))
  const severity = harmless ? 'warning' : 'error'
  return { rule: kind, severity, column: offset + 1, path: pathText(path), values: { key: brief(key) } }
}
