import type { DatasetReport } from '#lib/datasets/schema.ts'
import type { Issue, RuleId, Severity } from '#lib/training-data/issue.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { issueKey } from './issue-words.ts'

/** All issues of one rule in the dataset. */
export interface RuleGroup {
  rule: RuleId
  severity: Severity
  /** Total number of issues, including those that the report only counts. */
  count: number
  /** Number of rows with these issues; null if only some are known. */
  rows: number | null
  /** Number of issues that each fix resolves, see `fixOf`. */
  repairs: Readonly<Record<string, number>>
  /** Issues grouped by the form of their message. */
  cases: Issue[][]
}

const isError = ({ severity }: { severity: Severity }) => severity === 'error'
const worstFirst = (a: { severity: Severity }, b: { severity: Severity }) =>
  Number(isError(b)) - Number(isError(a))

/** Whether the issue has a location; otherwise it concerns the whole file. */
export const hasPlace = ({ row, rule }: Issue): boolean => row !== undefined || rule === 'blank-line'

function groupOf(rule: RuleId, issues: Issue[], report: DatasetReport): RuleGroup {
  const saved = report.issues.filter((issue) => issue.rule === rule).length
  const unseen = Math.max(0, (report.byRule[rule] ?? 0) - saved)
  const cases = [...Map.groupBy(issues, issueKey).values()]
  return {
    rule,
    severity: issues.some(isError) ? 'error' : 'warning',
    count: issues.length + unseen,
    repairs: report.repairs[rule] ?? {},
    rows: unseen > 0 ? null : new Set(issues.filter(hasPlace).map(({ line }) => line)).size,
    cases: cases.sort(([a], [b]) => (a && b ? worstFirst(a, b) : 0)),
  }
}

/**
 * Issues grouped by rule: errors first, then by frequency.
 * @param issues those of the report, except that an open row with edits has its live issues
 */
export function grouped(issues: readonly Issue[], report: DatasetReport): RuleGroup[] {
  const byRule = Map.groupBy(issues, ({ rule }) => rule)
  return Array.from(byRule, ([rule, of]) => groupOf(rule, of, report)).sort(
    (a, b) => worstFirst(a, b) || b.count - a.count,
  )
}

const safe = new Set(ruleDocs.filter(({ repair }) => repair === 'safe').map(({ id }) => id))

/** Rules whose issues are fixed without a decision of the user. */
export const safelyFixable = (groups: readonly RuleGroup[]): RuleGroup[] =>
  groups.filter(({ rule, repairs }) => safe.has(rule) && repairs.fix !== undefined)
