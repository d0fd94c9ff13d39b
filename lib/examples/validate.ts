import type { Finding, Issue, RuleId } from './issue.ts'
import { pathText } from './issue.ts'
import { offsetOf } from './json.ts'
import { isBlank, MAX_FILE_BYTES, type TextLine, textLines } from './jsonl.ts'
import { RecordJoiner } from './rules/joined.ts'
import { readLine } from './rules/line.ts'
import { messageRules } from './rules/messages.ts'
import type { LooseExample, RuleOptions } from './rules/rule.ts'
import { lastRule, openExample, structureRules } from './rules/structure.ts'
import { Example, isTrained } from './schema.ts'

/** OpenAI's lower limit for a training file. */
const MINIMUM_ROWS = 10
/** Problems kept with their place; beyond it they are only counted. */
const KEPT_ISSUES = 1_000

export interface CheckOptions {
  /** Fewest examples the file may have; 1 for a validation file. Default 10. */
  minimumRows?: number
  /** What an image in a user's turn is to whoever trains. Default `warning`. */
  images?: RuleOptions['images']
  /** Warns of examples that would be cut: the model's context, and how to count for it. */
  context?: { limit: number; count: (example: Example) => number }
}

export interface CheckedLine {
  /** The example, when the line has no error. */
  example: Example | null
  blank: boolean
  /** The text ends before its JSON does. */
  open: boolean
  issues: Issue[]
}

export interface Report {
  /** In file order, at most `KEPT_ISSUES`. */
  issues: Issue[]
  errors: number
  warnings: number
  byRule: Partial<Record<RuleId, number>>
  /** Physical lines. */
  lines: number
  /** Examples: lines that are not blank. */
  rows: number
}

function locate(findings: Iterable<Finding>, line: TextLine, text: string): Issue[] {
  return Array.from(findings, ({ rule, severity, path, values = {} }) => {
    const message = path[0] === 'messages' && typeof path[1] === 'number' ? { message: path[1] + 1 } : {}
    const column = offsetOf(text, path) + 1
    return { rule, severity, line: line.number, column, path: pathText(path), ...message, values }
  })
}

function* findings(example: LooseExample, options: RuleOptions): Generator<Finding> {
  let failed = false
  for (const rule of [...structureRules, ...messageRules]) {
    for (const finding of rule.check(example, options)) {
      failed ||= finding.severity === 'error'
      yield { rule: rule.id, ...finding }
    }
  }
  if (failed) return
  for (const finding of lastRule.check(example, options)) yield { rule: lastRule.id, ...finding }
}

function overContext(example: Example, { context }: CheckOptions): Finding[] {
  if (!context) return []
  const tokens = context.count(example)
  if (tokens <= context.limit) return []
  return [{ rule: 'over-context', severity: 'warning', path: [], values: { tokens, limit: context.limit } }]
}

/** Checks one physical line on its own. Pure and quick enough for every keystroke. */
export function checkLine(line: TextLine, options: CheckOptions = {}): CheckedLine {
  if (isBlank(line.text)) return { example: null, blank: true, open: false, issues: [] }
  const read = readLine(line)
  if (read.value === null) return { example: null, blank: false, open: read.open, issues: read.issues }
  const opened = openExample(read.value)
  if (!('messages' in opened)) {
    const [issue] = locate(
      [{ rule: 'no-messages', severity: 'error', path: ['messages'], ...opened }],
      line,
      read.text,
    )
    return { example: null, blank: false, open: false, issues: issue ? [...read.issues, issue] : read.issues }
  }
  const found = locate(findings(opened, { images: options.images ?? 'warning' }), line, read.text)
  const issues = [...read.issues, ...found]
  if (issues.some(({ severity }) => severity === 'error')) {
    return { example: null, blank: false, open: false, issues }
  }
  const example = Example.parse(read.value)
  return {
    example,
    blank: false,
    open: false,
    issues: [...issues, ...locate(overContext(example, options), line, read.text)],
  }
}

/** 53 bits of a text: enough to tell a million lines apart without keeping them. */
function fingerprint(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}

/**
 * Checks a file line by line: `add` every line in order, then `finish`. Holds no text but an unfinished
 * record, so a caller may stream and may pause between lines.
 */
export class FileCheck {
  readonly #options: CheckOptions
  readonly #joiner = new RecordJoiner()
  readonly #seen = new Map<number, number>()
  readonly #report: Report = { issues: [], errors: 0, warnings: 0, byRule: {}, lines: 0, rows: 0 }
  #crlf: { line: number; count: number } | null = null
  #bytes = 0
  #trained = 0
  #examples = 0

  constructor(options: CheckOptions = {}) {
    this.#options = options
  }

  add(line: TextLine): CheckedLine {
    const checked = checkLine(line, this.#options)
    this.#report.lines++
    this.#bytes += line.bytes + (line.crlf ? 2 : 1)
    if (line.bom) this.#keep({ rule: 'bom', severity: 'warning', line: 1, column: 1, path: '', values: {} })
    if (line.crlf) this.#crlf = { line: this.#crlf?.line ?? line.number, count: (this.#crlf?.count ?? 0) + 1 }
    for (const record of this.#joiner.add(line, checked))
      this.#take(record.line, record.checked, record.joined)
    return checked
  }

  finish(): Report {
    for (const record of this.#joiner.finish()) this.#take(record.line, record.checked, record.joined)
    if (this.#crlf) {
      const { line, count } = this.#crlf
      this.#keep({ rule: 'crlf', severity: 'warning', line, column: 1, path: '', values: { count } })
    }
    this.#wholeFile()
    this.#report.issues.sort((a, b) => a.line - b.line || a.column - b.column)
    return this.#report
  }

  #take(line: TextLine, { blank, example, issues }: CheckedLine, joined: number): void {
    if (blank) {
      this.#keep({
        rule: 'blank-line',
        severity: 'warning',
        line: line.number,
        column: 1,
        path: '',
        values: {},
      })
      return
    }
    const row = ++this.#report.rows
    if (joined > 1) {
      const values = { lines: joined, last: line.number + joined - 1 }
      const place = { line: line.number, column: 1, path: '' }
      this.#keep({ rule: 'multi-line-json', severity: 'error', ...place, row, values })
      return
    }
    for (const issue of issues) this.#keep({ ...issue, row })
    this.#compare(line, row)
    if (!example) return
    this.#examples++
    if (example.messages.some(isTrained)) this.#trained++
  }

  #compare(line: TextLine, row: number): void {
    if (line.text === null) return
    const print = fingerprint(line.text.trim())
    const first = this.#seen.get(print)
    if (first === undefined) this.#seen.set(print, line.number)
    else {
      const place = { line: line.number, column: 1, path: '', row }
      this.#keep({ rule: 'duplicate', severity: 'warning', ...place, values: { first } })
    }
  }

  #wholeFile(): void {
    const place = { line: 1, column: 1, path: '' }
    const { minimumRows = MINIMUM_ROWS } = this.#options
    const { rows } = this.#report
    if (rows < minimumRows) {
      const values = { rows, minimum: minimumRows }
      this.#keep({ rule: 'too-few-rows', severity: 'error', ...place, values })
    }
    if (this.#bytes > MAX_FILE_BYTES) {
      const values = { what: 'file', megabytes: MAX_FILE_BYTES / 2 ** 20 }
      this.#keep({ rule: 'too-big', severity: 'error', ...place, values })
    }
    if (this.#examples > 0 && this.#examples === rows && this.#trained === 0) {
      this.#keep({ rule: 'no-trained-assistant', severity: 'error', ...place, values: { answers: 0 } })
    }
  }

  #keep(issue: Issue): void {
    const { issues, byRule } = this.#report
    byRule[issue.rule] = (byRule[issue.rule] ?? 0) + 1
    if (issue.severity === 'error') this.#report.errors++
    else this.#report.warnings++
    if (issues.length < KEPT_ISSUES) issues.push(issue)
  }
}

/**
 * Checks a whole file: every problem with its physical line and column, not only the first one.
 * The browser, the studio and the engine run exactly this.
 */
export function validateLines(source: Uint8Array | Iterable<TextLine>, options: CheckOptions = {}): Report {
  const check = new FileCheck(options)
  for (const line of source instanceof Uint8Array ? textLines(source) : source) check.add(line)
  return check.finish()
}

/** The examples of a file that has passed the checks, in order; lines with errors are left out. */
export function* readExamples(bytes: Uint8Array, options: CheckOptions = {}): Generator<Example> {
  for (const line of textLines(bytes)) {
    const { example } = checkLine(line, options)
    if (example) yield example
  }
}
