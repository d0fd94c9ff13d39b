import { Fixer } from './fix/fixer.ts'
import { type Finding, firstOfEach, type Issue, type LineIssue, pathText, type RuleId } from './issue.ts'
import { offsetOf } from './json-path.ts'
import { isBlank, type TextLine } from './jsonl.ts'
import {
  everyMessageRule,
  everyPlainMessageRule,
  lineRules,
  messageRules,
  plainLineRules,
  plainMessageRules,
} from './rules/all.ts'
import { readLine } from './rules/line.ts'
import { openLine } from './rules/opening.ts'
import type { LooseLine, RuleOptions, Tell } from './rules/rule.ts'
import { badShape, isPlain } from './rules/structure.ts'
import { EVERY_TRACE, tracesIn } from './rules/traces.ts'
import type { Example, LineKind, Preference } from './schema.ts'
import { type Reading, type Target, targetFindings } from './verdict.ts'

export interface CheckOptions {
  /** Fewest examples the file may have; 1 for a validation file. Default 10. */
  minimumRows?: number
  /** Training method of the job; default either. */
  method?: 'supervised' | 'preference'
  /** Destination of the lines; without it, only errors for every destination are found. */
  target?: Target
  /** How much of an example fits into the target's context; without it, the context is not checked. */
  read?: (example: Example | Preference, limit: number) => Reading
  /** Whether to run the quality rules and compare rows. Default true. */
  quality?: boolean
}

export interface CheckedLine {
  kind: LineKind
  /** The conversation, when the line is one and has no error. */
  example: Example | null
  /** The preference pair, when the line is one and has no error. */
  pair: Preference | null
  blank: boolean
  /** The JSON is unfinished at the line's end. */
  open: boolean
  issues: Issue[]
}

/** A line as the rules see it. */
export interface Verdict {
  kind: LineKind
  /** The parsed line, with or without errors. */
  line: LooseLine | null
  sound: boolean
  issues: LineIssue[]
  /** Some keys are null without a meaning, see `hasEmptyKeys`. */
  nulls?: boolean
  /** A conversation of texts only, see `isPlain`. */
  plain?: boolean
}

/** Number of the message that a path leads into, from 1. */
function messageIn(path: Finding['path']): number | null {
  if (path[0] === 'tools' || path[0] === 'functions') return null
  const index = path.find((key) => typeof key === 'number')
  return index === undefined ? null : index + 1
}

const isLong = (value: string | number): value is string => typeof value === 'string' && value.length > 200

/** Cuts long values: a text of the file may be megabytes long. */
const short = (values: Issue['values']): Issue['values'] =>
  Object.values(values).some(isLong)
    ? Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          isLong(value) ? `${value.slice(0, 200)}…` : value,
        ]),
      )
    : values

const locate = (findings: readonly Finding[], text: string): LineIssue[] =>
  findings.map(({ rule, severity, path, values = {} }) => {
    const message = messageIn(path)
    const place = { column: offsetOf(text, path) + 1, path: pathText(path) }
    return { rule, severity, ...place, ...(message === null ? {} : { message }), values: short(values) }
  })

const severityOf = (taken: boolean | undefined) => (taken === false ? 'error' : 'warning')

/** All findings of a line, in the order of the rules. */
function findingsIn(line: LooseLine, plain: boolean, text: string, options: CheckOptions): Finding[] {
  const found: Finding[] = []
  let rule: RuleId = badShape.id
  let failed = false
  const tell: Tell = (severity, path, values) => {
    failed ||= severity === 'error'
    found.push({ rule, severity, path, ...(values ? { values } : {}) })
  }
  const { target, method = null, quality = true } = options
  const traces = quality ? tracesIn(text) : EVERY_TRACE
  const settings: RuleOptions = {
    images: severityOf(target?.images),
    specials: severityOf(target?.specials),
    alternate: target?.sameTurns === false,
    method,
    traces,
  }
  for (const one of plain ? plainLineRules : lineRules) {
    rule = one.id
    one.check(line, tell, settings)
  }
  const [all, plainOnes] = quality
    ? [everyMessageRule, everyPlainMessageRule]
    : [messageRules, plainMessageRules]
  for (const conversation of line.conversations)
    for (const one of plain ? plainOnes : all) {
      rule = one.id
      one.check(conversation, tell, settings)
    }
  // Runs only when no other rule found an error, so that one mistake gives one issue.
  if (failed || plain) return found
  rule = badShape.id
  badShape.check(line, tell, settings)
  return found
}

const isError = ({ severity }: { severity: string }) => severity === 'error'

/** Issues of a whole line: whether they have a fix depends on its text. */
const WHOLE: ReadonlySet<RuleId> = new Set<RuleId>(['bad-json', 'not-object', 'no-messages'])

/** The issue, with `fix` if the fixer changes this line. */
function markFixable(issue: LineIssue, line: TextLine): LineIssue {
  if (!WHOLE.has(issue.rule) || line.text === null) return issue
  const fixer = new Fixer(new Set([issue.rule]))
  const fixed = fixer.add(line).length + fixer.finish().length > 0
  return fixed ? { ...issue, values: { ...issue.values, fix: 'fix' } } : issue
}

/** Findings of the target in a line without errors; the rules have proved its shape. */
function findingsOfTarget(line: LooseLine, { target, read }: CheckOptions): Finding[] {
  if (!target) return []
  const example = line.value as unknown as Example | Preference
  const reading = read && target.context !== null ? read(example, target.context) : null
  return targetFindings(line, target, reading)
}

/** Checks one line by itself, and returns what could be parsed of it. */
export function judge(line: TextLine, options: CheckOptions = {}): Verdict {
  if (isBlank(line.text)) return { kind: 'blank', line: null, sound: false, issues: [] }
  const read = readLine(line)
  if (read.value === null) {
    const issues = read.issues.map((issue) => markFixable(issue, line))
    return { kind: read.open ? 'open' : 'broken', line: null, sound: false, issues }
  }
  const opened = openLine(read.value)
  if ('rule' in opened) {
    const located = locate([opened], read.text).map((issue) => markFixable(issue, line))
    const issues = [...read.issues, ...located]
    return { kind: 'broken', line: null, sound: false, issues }
  }
  const plain = isPlain(opened)
  const findings = findingsIn(opened, plain, read.text, options)
  if (!findings.some(isError)) findings.push(...findingsOfTarget(opened, options))
  const issues =
    findings.length === 0 ? read.issues : [...read.issues, ...locate(firstOfEach(findings), read.text)]
  return { kind: opened.kind, line: opened, sound: !issues.some(isError), issues, nulls: read.nulls, plain }
}

/** A verdict with its example, which is typed because the rules have proved its shape. */
export function checkedLine(line: TextLine, verdict: Verdict): CheckedLine {
  const { kind, sound } = verdict
  const value: unknown = sound ? verdict.line?.value : null
  const example = kind === 'chat' ? (value as Example | null) : null
  const pair = kind === 'preference' ? (value as Preference | null) : null
  const issues = verdict.issues.map((issue) => ({ ...issue, line: line.number }))
  return { kind, example, pair, blank: kind === 'blank', open: kind === 'open', issues }
}

/** Checks one physical line by itself. Pure, and fast enough for every keystroke. */
export const checkLine = (line: TextLine, options: CheckOptions = {}): CheckedLine =>
  checkedLine(line, judge(line, options))
