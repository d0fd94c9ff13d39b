'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { addRow, changeRow, datasetQuery } from '#lib/datasets/queries.ts'
import { type DatasetRow, PAGE_ROWS, type RowDraft, type Split } from '#lib/datasets/schema.ts'
import { AppError } from '#lib/errors.ts'
import type { Issue, Severity } from '#lib/examples/issue.ts'
import { lineOf } from '#lib/examples/jsonl.ts'
import { checkLine } from '#lib/examples/validate.ts'

/** Text that was typed and is not saved, and the revision of the row that it was typed over. */
interface Draft {
  text: string
  revision: number
}

/** Where the caret should go: a message of the conversation, else a column of the line. */
export interface FocusTarget {
  line: number
  column: number
  message?: number
  /** Grows, so that the same place can be asked for twice. */
  turn: number
}

export interface Place {
  id?: string
  number: number
}

/** What the server found by comparing rows, which typing in one of them cannot settle. */
const ACROSS_ROWS = new Set(['duplicate', 'multi-line-json', 'bom', 'crlf'])

const windowOf = (number: number): number => Math.floor((Math.max(1, number) - 1) / PAGE_ROWS) * PAGE_ROWS
const isError = ({ severity }: Issue) => severity === 'error'

/** Checks of the rows that are being written, by row id. */
function useLiveIssues(rows: DatasetRow[], drafts: Record<string, Draft>): Map<DatasetRow, Issue[]> {
  return useMemo(() => {
    const live = new Map<DatasetRow, Issue[]>()
    for (const row of rows) {
      const draft = drafts[row.id]
      if (!draft) continue
      const { issues } = checkLine(lineOf(draft.text, row.number))
      live.set(
        row,
        issues.map((issue) => ({ ...issue, row: row.number })),
      )
    }
    return live
  }, [rows, drafts])
}

/** The worst severity of every line that has a problem. */
function worst(issues: readonly Issue[]): Map<number, Severity> {
  const flags = new Map<number, Severity>()
  for (const { line, row, severity } of issues) {
    if (row !== undefined && flags.get(line) !== 'error') flags.set(line, severity)
  }
  return flags
}

/** Closing the tab with unsaved text asks first; nothing else does. */
function useLeaveGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return
    const guard = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', guard)
    return () => window.removeEventListener('beforeunload', guard)
  }, [unsaved])
}

/** Everything the editor of a dataset knows and can do. */
export function useEditor(datasetId: string, start: number) {
  const queries = useQueryClient()
  const [offset, setOffset] = useState(windowOf(start))
  const [place, setPlace] = useState<Place>({ number: start })
  const [drafts, setDrafts] = useState<Record<string, Draft>>({})
  const [failure, setFailure] = useState<{ rowId: string; error: unknown } | null>(null)
  const [busy, setBusy] = useState(false)
  const [focus, setFocus] = useState<FocusTarget | null>(null)
  const { data: view, error, refetch, isFetching } = useQuery(datasetQuery(datasetId, offset))

  const rows = useMemo(() => view?.rows ?? [], [view])
  const total = view?.total ?? 0
  const row = rows.find(({ id }) => id === place.id) ?? rows.find(({ number }) => number === place.number)
  const draft = row && drafts[row.id]
  const text = draft?.text ?? row?.text ?? ''
  const live = useLiveIssues(rows, drafts)
  useLeaveGuard(Object.keys(drafts).length > 0)

  const issues = useMemo(() => {
    const typed = new Map(Array.from(live, ([{ number }, found]) => [number, found]))
    const settled = (issue: Issue) =>
      !typed.has(issue.line) || issue.row === undefined || ACROSS_ROWS.has(issue.rule)
    const all = [...(view?.issues ?? []).filter(settled), ...Array.from(typed.values()).flat()]
    return all.sort((a, b) => a.line - b.line || a.column - b.column)
  }, [view, live])

  const flags = useMemo(() => worst(issues), [issues])
  const change = Array.from(live, ([saved, found]) => found.filter(isError).length - saved.errors)
  const errors =
    (view ? view.dataset.train.errors + view.dataset.heldout.errors : 0) + change.reduce((a, b) => a + b, 0)

  const refresh = () => queries.invalidateQueries({ queryKey: ['datasets'] })
  const drop = (rowId: string) => setDrafts(({ [rowId]: _gone, ...rest }) => rest)

  const go = (number: number, id?: string) => {
    const known = id ?? rows.find((candidate) => candidate.number === number)?.id
    setPlace({ number, id: known })
    setOffset(windowOf(number))
    window.history.replaceState(null, '', `?row=${number}`)
  }

  const goTo = ({ line, column, message }: Pick<Issue, 'line' | 'column' | 'message'>) => {
    go(line)
    setFocus((last) => ({ line, column, message, turn: (last?.turn ?? 0) + 1 }))
  }

  const edit = (next: string) => {
    if (!row) return
    setFailure(null)
    if (next === row.text) return drop(row.id)
    setDrafts((all) => ({
      ...all,
      [row.id]: { text: next, revision: all[row.id]?.revision ?? row.revision },
    }))
  }

  /** Runs a change of a row; what fails is told beside the row. */
  const attempt = async <Result>(rowId: string, work: () => Promise<Result>): Promise<Result | null> => {
    setBusy(true)
    setFailure(null)
    try {
      const result = await work()
      await refresh()
      return result
    } catch (error) {
      setFailure({ rowId, error })
      return null
    } finally {
      setBusy(false)
    }
  }

  /** @param over the revision to save over, when another window was quicker */
  const save = async (over?: number): Promise<boolean> => {
    if (!row || !draft) return true
    const { text: line, revision } = draft
    const saved = await attempt(row.id, () =>
      changeRow(datasetId, row.id, { revision: over ?? revision, line }),
    )
    if (saved) drop(row.id)
    return saved !== null
  }

  const saveAndNext = async () => {
    if ((await save()) && row && row.number < total) go(row.number + 1)
  }

  const loadTheirs = async () => {
    if (!row) return
    drop(row.id)
    setFailure(null)
    await refresh()
  }

  const add = async (body: RowDraft, number: number) => {
    const made = await attempt(row?.id ?? '', () => addRow(datasetId, body))
    if (made) go(number, made.id)
  }

  const setSplit = async (split: Split) => {
    if (!row) return
    const { id } = row
    const saved = await attempt(id, () => changeRow(datasetId, id, { revision: row.revision, split }))
    if (!saved) return
    setDrafts((all) => (all[id] ? { ...all, [id]: { ...all[id], revision: saved.revision } } : all))
  }

  /** @returns a way to take it back */
  const remove = async (): Promise<(() => Promise<void>) | null> => {
    if (!row) return null
    const { id, number, revision } = row
    const gone = await attempt(id, () => changeRow(datasetId, id, { revision, deleted: true }))
    if (!gone) return null
    if (number >= total) go(Math.max(1, number - 1))
    else setPlace({ number })
    return async () => {
      const back = await attempt(id, () =>
        changeRow(datasetId, id, { revision: gone.revision, deleted: false }),
      )
      if (back) go(number, id)
    }
  }

  const failed = failure && row && failure.rowId === row.id ? failure.error : null
  const conflict = failed instanceof AppError && failed.code === 'conflict' ? failed : null
  return {
    view,
    error,
    refetch,
    isFetching,
    rows,
    total,
    offset,
    setOffset,
    row,
    text,
    issues,
    errors,
    flags,
    focus,
    busy,
    unsaved: (rowId: string) => rowId in drafts,
    dirty: draft !== undefined,
    rowIssues: row ? issues.filter((issue) => issue.line === row.number && issue.row !== undefined) : [],
    failed,
    conflict,
    go,
    goTo,
    edit,
    save,
    saveAndNext,
    loadTheirs,
    add,
    setSplit,
    remove,
    refresh,
    overwrite: () => save(Number(conflict?.facts?.revision)),
    discard: () => row && drop(row.id),
  }
}

export type Editor = ReturnType<typeof useEditor>
