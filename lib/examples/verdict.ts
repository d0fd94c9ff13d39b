import { isCall } from './flags.ts'
import type { Finding, Issue, Path, RuleId, Severity } from './issue.ts'
import { isRecord, type LooseLine } from './rules/rule.ts'

/** What a destination takes of training rows: the model that learns, where its provider lets it. */
export interface Target {
  /** Longest example that it reads, in its own tokens; null where nobody says. */
  context: number | null
  preference: boolean
  /** Tools that are declared, called and answered. */
  tools: boolean
  images: boolean
  /** Whether two messages in a row may have the same role. */
  sameTurns: boolean
  /** Whether a special token of OpenAI's may stand inside a text. */
  specials: boolean
  /** Fewest training rows. */
  minimumRows: number
}

/** How far a destination reads an example. */
export interface Reading {
  tokens: number
  /** Tokens that the loss looks at. */
  trained: number
  /** Those of them that stand within the context. */
  left: number
}

/** Everything that one rule says of rows for a destination. */
export interface Fault {
  rule: RuleId
  severity: Severity
  /** Rows that it speaks of. */
  count: number
  /** The first of them. */
  issues: Issue[]
}

/** Rows × destination: the same in the editor, on the launch page, in the estimate, in the engine, on the command line. */
export interface Verdict {
  /** Rows that were judged. */
  rows: number
  /** Errors first. */
  faults: Fault[]
}

/** Rows that are named of one fault. */
const NAMED = 20

/** Where a line first calls a tool, or the result of one stands. */
function callPath({ conversations }: LooseLine): Path | null {
  for (const { path, messages } of conversations) {
    const index = messages.findIndex(isCall)
    if (index >= 0) return [...path, index]
  }
  return null
}

function declaredPath({ kind, value }: LooseLine): Path | null {
  const [owner, path] = kind === 'preference' ? [value.input, ['input']] : [value, []]
  if (!isRecord(owner)) return null
  const key = ['tools', 'functions'].find((name) => Array.isArray(owner[name]))
  return key === undefined ? null : [...path, key]
}

function toolFinding(line: LooseLine): Finding[] {
  const called = callPath(line)
  if (called)
    return [{ rule: 'tools-unsupported', severity: 'error', path: called, values: { what: 'called' } }]
  const declared = declaredPath(line)
  if (!declared) return []
  return [{ rule: 'tools-unsupported', severity: 'warning', path: declared, values: { what: 'declared' } }]
}

/** What is cut off an example's answers; an error where nothing of them is left. */
export function cutFinding({ tokens, trained, left }: Reading, limit: number): Finding[] {
  const lost = trained - left
  if (lost <= 0) return []
  const what = left === 0 ? 'all' : 'part'
  const severity = left === 0 ? 'error' : 'warning'
  return [{ rule: 'over-context', severity, path: [], values: { what, tokens, limit, lost, left } }]
}

/**
 * What a destination does not take of a line.
 * @param reading null where it is known to fit, or nobody counts
 */
export function targetFindings(line: LooseLine, target: Target, reading: Reading | null): Finding[] {
  const { context, preference, tools } = target
  if (line.kind === 'preference' && !preference)
    return [{ rule: 'preference-unsupported', severity: 'error', path: [] }]
  return [
    ...(tools ? [] : toolFinding(line)),
    ...(reading && context !== null ? cutFinding(reading, context) : []),
  ]
}

const worstFirst = (a: Fault, b: Fault) => Number(b.severity === 'error') - Number(a.severity === 'error')

/** Gathers what is said of rows, by rule. */
export class Faults {
  readonly #faults = new Map<string, Fault>()

  /** @param count rows of which only this one is named */
  add(issue: Issue, count = 1): void {
    const { rule, severity } = issue
    const key = `${severity} ${rule}`
    const fault = this.#faults.get(key) ?? { rule, severity, count: 0, issues: [] }
    this.#faults.set(key, fault)
    fault.count += count
    if (fault.issues.length < NAMED) fault.issues.push(issue)
  }

  finish(rows: number, { minimumRows }: Pick<Target, 'minimumRows'>): Verdict {
    if (rows < minimumRows) {
      const place = { line: 1, column: 1, path: '' }
      this.add({ rule: 'too-few-rows', severity: 'error', ...place, values: { rows, minimum: minimumRows } })
    }
    return { rows, faults: [...this.#faults.values()].sort(worstFirst) }
  }
}

/** Whether a destination cannot learn from such rows. */
export const isRefused = ({ faults }: Verdict): boolean => faults.some(({ severity }) => severity === 'error')
