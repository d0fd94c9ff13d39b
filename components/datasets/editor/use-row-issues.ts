'use client'
import { useDeferredValue, useMemo } from 'react'
import type { DatasetView } from '#lib/datasets/schema.ts'
import type { Issue, Severity } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import { hasPlace } from '../issues/grouped.ts'
import type { Selection } from './use-selection.ts'

/** Rules that compare rows: typing in one row does not update their issues. */
const ACROSS_ROWS = new Set([
  'duplicate',
  'near-duplicate',
  'same-prompt-two-answers',
  'leak-into-heldout',
  'system-drift',
  'mixed-language',
  'mixed-methods',
  'tokens-outlier',
  'answer-all-identical',
  'multi-line-json',
  'array-not-lines',
  'bom',
  'crlf',
])

const isError = ({ severity }: Issue) => severity === 'error'

/** The worst severity of every line with an issue. */
function worst(issues: readonly Issue[]): Map<number, Severity> {
  const flags = new Map<number, Severity>()
  for (const { line, row, severity } of issues) {
    if (row !== undefined && flags.get(line) !== 'error') flags.set(line, severity)
  }
  return flags
}

/** The open row with unsaved edits, and its issues so far. */
interface Live {
  line: number
  issues: Issue[]
}

/** Checks the open row while the user types, slightly deferred; null if there is no draft. */
function useLive(line: number | undefined, text: string | undefined): Live | null {
  const typed = useMemo(
    () => (text === undefined || line === undefined ? null : { text, line }),
    [text, line],
  )
  const settled = useDeferredValue(typed)
  return useMemo(() => {
    if (!settled) return null
    const { issues } = checkLine(lineOf(settled.text, settled.line))
    return { line: settled.line, issues: issues.map((issue) => ({ ...issue, row: settled.line })) }
  }, [settled])
}

/** An issue of the whole file is reported on line 1, but a check of that row does not update it. */
const isSettledBy = (live: Live, issue: Issue) =>
  issue.line === live.line && hasPlace(issue) && !ACROSS_ROWS.has(issue.rule)

/** All issues, with the live issues of the open row. */
function useIssues(saved: readonly Issue[] | undefined, live: Live | null) {
  return useMemo(() => {
    if (!saved || !live) return saved ?? []
    const others = saved.filter((issue) => !isSettledBy(live, issue))
    return [...others, ...live.issues].sort((a, b) => a.line - b.line || a.column - b.column)
  }, [saved, live])
}

function countErrors({ dataset, report }: DatasetView, live: Live | null): number {
  const before = report.issues.filter((issue) => live && isError(issue) && isSettledBy(live, issue))
  const saved = dataset.train.errors + dataset.heldout.errors
  return saved - before.length + (live?.issues.filter(isError).length ?? 0)
}

/** The issues of the dataset, with the live issues of the open row. */
export function useRowIssues(view: DatasetView | undefined, { row, draft, isNew }: Selection) {
  const live = useLive(row?.number, draft?.text)
  // An unsaved new row does not count towards the dataset's issues.
  const counted = isNew ? null : live
  // Before the first row there is nothing to complain of.
  const saved = view?.report.lines === 0 ? undefined : view?.report.issues
  const issues = useIssues(saved, counted)
  const flags = useMemo(() => worst(issues), [issues])
  const number = row?.number
  const ofRow = useMemo(
    () => issues.filter((issue) => issue.line === number && issue.row !== undefined),
    [issues, number],
  )
  return {
    issues,
    /** Worst severity by line. */
    flags,
    errors: view ? countErrors(view, counted) : 0,
    rowIssues: isNew ? (live?.issues ?? []) : ofRow,
  }
}
