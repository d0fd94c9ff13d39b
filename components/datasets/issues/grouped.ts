import type { DatasetReport } from '#lib/datasets/schema.ts'
import type { Issue, RuleId, Severity } from '#lib/training-data/issue.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { issueKey } from './issue-words.ts'

/** Everything that one rule says of the dataset. */
export interface RuleGroup {
  rule: RuleId
  severity: Severity
  /** Problems in all, also those that the report only counts. */
  count: number
  /** Rows that they stand in; null when only some of them are known. */
  rows: number | null
  /** How many problems each repair mends, see `repairOf`. */
  repairs: Readonly<Record<string, number>>
  /** By the shape of their sentence. */
  cases: Issue[][]
}

const isError = ({ severity }: { severity: Severity }) => severity === 'error'
const worstFirst = (a: { severity: Severity }, b: { severity: Severity }) =>
  Number(isError(b)) - Number(isError(a))

/** Whether the problem is one of a place; else of the file as a whole. */
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
 * Problems by their rule: errors first, then by how often.
 * @param issues those of the report, except where an open row is being written
 */
export function grouped(issues: readonly Issue[], report: DatasetReport): RuleGroup[] {
  const byRule = Map.groupBy(issues, ({ rule }) => rule)
  return Array.from(byRule, ([rule, of]) => groupOf(rule, of, report)).sort(
    (a, b) => worstFirst(a, b) || b.count - a.count,
  )
}

const safe = new Set(ruleDocs.filter(({ repair }) => repair === 'safe').map(({ id }) => id))

/** Those that are mended without a question. */
export const safelyFixable = (groups: readonly RuleGroup[]): RuleGroup[] =>
  groups.filter(({ rule, repairs }) => safe.has(rule) && repairs.fix !== undefined)
