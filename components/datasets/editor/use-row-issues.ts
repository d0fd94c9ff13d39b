'use client'
import { useDeferredValue, useMemo } from 'react'
import type { DatasetView } from '#lib/datasets/schema.ts'
import type { Issue, Severity } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import { hasPlace } from '../issues/grouped.ts'
import type { Selection } from './use-selection.ts'

/** What only comparing rows can settle: typing in one of them does not. */
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

/** The worst severity of every line that a problem names. */
function worst(issues: readonly Issue[]): Map<number, Severity> {
  const flags = new Map<number, Severity>()
  for (const { line, row, severity } of issues) {
    if (row !== undefined && flags.get(line) !== 'error') flags.set(line, severity)
  }
  return flags
}

/** A row that is being written, and what the checks say of it so far. */
interface Live {
  line: number
  issues: Issue[]
}

/** The checks of the row that is being written, a moment behind the keys; null while it is as saved. */
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

/** A problem of the file as a whole stands in its first line and is not settled there. */
const isSettledBy = (live: Live, issue: Issue) =>
  issue.line === live.line && hasPlace(issue) && !ACROSS_ROWS.has(issue.rule)

/** All problems, with those of the open row as it is being written. */
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

/** What is wrong with the dataset, with the open row as it is being written. */
export function useRowIssues(view: DatasetView | undefined, { row, draft, isNew }: Selection) {
  const live = useLive(row?.number, draft?.text)
  // What is not stored is no problem of the dataset.
  const counted = isNew ? null : live
  const issues = useIssues(view?.report.issues, counted)
  const flags = useMemo(() => worst(issues), [issues])
  const number = row?.number
  const ofRow = useMemo(
    () => issues.filter((issue) => issue.line === number && issue.row !== undefined),
    [issues, number],
  )
  return {
    issues,
    /** By line. */
    flags,
    errors: view ? countErrors(view, counted) : 0,
    rowIssues: isNew ? (live?.issues ?? []) : ofRow,
  }
}
