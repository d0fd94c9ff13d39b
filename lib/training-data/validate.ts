import { type CheckedLine, type CheckOptions, checkedLine, checkLine, judge } from './check.ts'
import { factsOf } from './facts.ts'
import type { Issue, RuleId } from './issue.ts'
import { MAX_FILE_BYTES, type TextLine, textLines } from './jsonl.ts'
import { type DataReport, ReportBuilder } from './report.ts'
import type { Example } from './schema.ts'

export { type CheckedLine, type CheckOptions, checkLine } from './check.ts'

export interface Report {
  /** In file order, at most 200 of each rule. */
  issues: Issue[]
  errors: number
  warnings: number
  byRule: Partial<Record<RuleId, number>>
  /** How many issues of a rule each fix removes. */
  repairs: DataReport['repairs']
  /** Physical lines. */
  lines: number
  /** Examples: lines that are not blank. */
  rows: number
}

/** Validation alone needs no token counts. */
const uncounted = () => ({ total: 0, trained: 0 })

/**
 * Checks a file line by line: `add` every line in order, then `finish`. Holds no text but an unfinished
 * record, so a caller may stream and pause between lines.
 */
export class FileCheck {
  readonly #options: CheckOptions
  readonly #report: ReportBuilder
  #bytes = 0

  constructor(options: CheckOptions = {}) {
    const { minimumRows, quality } = options
    this.#options = options
    this.#report = new ReportBuilder({
      ...(minimumRows === undefined ? {} : { minimumRows }),
      ...(quality === undefined ? {} : { quality }),
    })
  }

  add(line: TextLine): CheckedLine {
    const verdict = judge(line, this.#options)
    const checked = checkedLine(line, verdict)
    const facts = factsOf(line, { ...verdict, issues: checked.issues }, uncounted, this.#options.quality)
    this.#bytes += line.bytes + (line.crlf ? 2 : 1)
    this.#report.add(facts, 'train', () => line.text)
    return checked
  }

  finish(): Report {
    const { lines, train, issues, byRule, repairs } = this.#report.finish()
    const { errors, warnings, examples: rows } = train
    const report = { issues, errors, warnings, byRule, repairs, lines, rows }
    if (this.#bytes <= MAX_FILE_BYTES) return report
    const values = { what: 'file', megabytes: MAX_FILE_BYTES / 2 ** 20 }
    const issue: Issue = { rule: 'too-big', severity: 'error', line: 1, column: 1, path: '', values }
    const count = (byRule['too-big'] ?? 0) + 1
    return {
      ...report,
      issues: [issue, ...issues],
      errors: errors + 1,
      byRule: { ...byRule, 'too-big': count },
    }
  }
}

/**
 * Checks a whole file: all issues with their physical line and column, not only the first.
 * The browser, the server and the engine run exactly this.
 */
export function validateLines(source: Uint8Array | Iterable<TextLine>, options: CheckOptions = {}): Report {
  const check = new FileCheck(options)
  for (const line of source instanceof Uint8Array ? textLines(source) : source) check.add(line)
  return check.finish()
}

/** The examples of a file, in order; lines with errors are left out. */
export function* readExamples(bytes: Uint8Array, options: CheckOptions = {}): Generator<Example> {
  for (const line of textLines(bytes)) {
    const { example } = checkLine(line, options)
    if (example) yield example
  }
}
