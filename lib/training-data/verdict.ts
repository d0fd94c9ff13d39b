import { Flag, flagsOf, isCall } from './flags.ts'
import { isRecord } from './is-record.ts'
import type { Finding, Issue, Path, RuleId } from './issue.ts'
import type { LooseLine } from './rules/rule.ts'
import type { IssueGroup, Verdict } from './schema.ts'

/** What training rows may contain at a destination: a base model at its provider. */
export interface Target {
  /** Longest example, in tokens of this model; null if unknown. */
  context: number | null
  preference: boolean
  /** Tool declarations, calls and results. */
  tools: boolean
  images: boolean
  /** Whether consecutive messages may have the same role. */
  sameTurns: boolean
  /** Whether a text may contain a special token of OpenAI. */
  specials: boolean
  /** Fewest training rows. */
  minimumRows: number
}

/** How much of an example fits into a destination's context. */
export interface Reading {
  tokens: number
  /** Tokens with a loss. */
  trained: number
  /** Trained tokens within the context. */
  left: number
}

/** A destination ignores marks and line ends. */
const unmarked = { bom: false, crlf: false }

/** Most rows listed per group. */
const NAMED = 20

/** Path of a line's first tool call or result. */
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

/** Where a line breaks a rule. */
const places: Partial<Record<RuleId, (line: LooseLine) => Path | null>> = {
  'tools-unsupported': (line) => callPath(line) ?? declaredPath(line),
}

type Unplaced = Pick<Finding, 'rule' | 'severity'> & { values: Issue['values'] }

/**
 * What a destination does not accept of a line, by its flags.
 * @param flags see `Flag`
 */
export function unsupported(
  flags: number,
  { preference, tools, images, sameTurns, specials }: Target,
): Unplaced[] {
  const has = (flag: number) => (flags & flag) !== 0
  const error = (rule: RuleId, values: Issue['values'] = {}): Unplaced => ({
    rule,
    severity: 'error',
    values,
  })
  if (!preference && has(Flag.preference)) return [error('preference-unsupported')]
  const found: Unplaced[] = []
  if (!tools && has(Flag.calls)) found.push(error('tools-unsupported', { what: 'called' }))
  else if (!tools && has(Flag.tools))
    found.push({ rule: 'tools-unsupported', severity: 'warning', values: { what: 'declared' } })
  if (!images && has(Flag.images)) found.push(error('image-part-unsupported', { type: 'image_url' }))
  if (!specials && has(Flag.specials)) found.push(error('special-token', { what: 'rows' }))
  if (!sameTurns && has(Flag.sameTurns)) found.push(error('turns-not-alternating', { reason: 'rows' }))
  return found
}

/** A finding if the context cuts off trained tokens; an error if none are left. */
export function cutFinding({ tokens, trained, left }: Reading, limit: number): Finding[] {
  const lost = trained - left
  if (lost <= 0) return []
  const what = left === 0 ? 'all' : 'part'
  const severity = left === 0 ? 'error' : 'warning'
  return [{ rule: 'over-context', severity, path: [], values: { what, tokens, limit, lost, left } }]
}

/** Of the two answers of a pair, the one that decides: one with nothing left to learn, else the one that loses most. */
export const worstReading = (readings: readonly Reading[]): Reading | undefined =>
  readings.toSorted(
    (one, other) =>
      Number(other.left === 0) - Number(one.left === 0) ||
      other.trained - other.left - (one.trained - one.left),
  )[0]

/** Rules that report these findings themselves, with their places. */
const FOUND_BY_RULES: ReadonlySet<RuleId> = new Set(['image-part-unsupported', 'turns-not-alternating'])

/**
 * What a destination does not accept of a line, each with its path; images are left to the rule on parts.
 * @param reading null if the line is known to fit, or not counted
 */
export function targetFindings(line: LooseLine, target: Target, reading: Reading | null): Finding[] {
  const found = unsupported(flagsOf(unmarked, line), target)
    .filter(({ rule }) => !FOUND_BY_RULES.has(rule))
    .map((finding) => ({ ...finding, path: places[finding.rule]?.(line) ?? [] }))
  return reading && target.context !== null ? [...found, ...cutFinding(reading, target.context)] : found
}

const worstFirst = (a: IssueGroup, b: IssueGroup) =>
  Number(b.severity === 'error') - Number(a.severity === 'error')

/** Collects issues of rows, by rule. */
export class IssueGroups {
  readonly #groups = new Map<string, IssueGroup>()

  /** @param count rows with this issue; only this one is listed */
  add(issue: Issue, count = 1): void {
    const { rule, severity } = issue
    const key = `${severity} ${rule}`
    const group = this.#groups.get(key) ?? { rule, severity, count: 0, issues: [] }
    this.#groups.set(key, group)
    group.count += count
    if (group.issues.length < NAMED) group.issues.push(issue)
  }

  finish(rows: number, { minimumRows, context }: Pick<Target, 'minimumRows' | 'context'>): Verdict {
    if (rows < minimumRows) {
      const place = { line: 1, column: 1, path: '' }
      this.add({ rule: 'too-few-rows', severity: 'error', ...place, values: { rows, minimum: minimumRows } })
    }
    return { rows, context, groups: [...this.#groups.values()].sort(worstFirst) }
  }
}

/** Whether a destination rejects the rows. */
export const isRefused = ({ groups }: Verdict): boolean => groups.some(({ severity }) => severity === 'error')
