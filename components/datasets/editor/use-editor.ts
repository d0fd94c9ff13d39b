'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import { AppError } from '#lib/core/errors.ts'
import { addRow, changeRow, datasetQuery, undoStep } from '#lib/datasets/queries.ts'
import type { DatasetRow, RowChange, RowDraft, RowFilter, RowsPage, Undone } from '#lib/datasets/schema.ts'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import { blankLine } from '#lib/training-data/edit.ts'
import type { Issue, Severity } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import { hasPlace } from '../issues/grouped.ts'
import { NEW_ROW, type Seat, withNewRow } from './new-row.ts'
import { type Draft, useDrafts } from './use-drafts.ts'
import { showInAddress, tidy, useFilter } from './use-filter.ts'
import { type InView, useRows } from './use-rows.ts'

/** Where the caret should go: a message of the conversation, `edit` for what is still to be written, else a column. */
export interface FocusTarget {
  line: number
  /** The row that is meant, where others still stand in its line. */
  id?: string
  column?: number
  message?: number | 'edit'
  /** Grows, so that the same place can be asked for twice. */
  turn: number
}

/** The open row: its place in the list, and which row that was. */
interface Place {
  index: number
  id?: string
  /** The line that is meant, where its row is not known yet. */
  line?: number
}

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

const bodyOf = (line: string, { after, split }: Seat): RowDraft => ({
  line,
  split,
  after: after ?? undefined,
})

export interface EditorStart {
  datasetId: string
  /** The line to open, from 1. */
  row: number
  filter: RowFilter
}

/** Everything the editor of a dataset knows and can do. */
export function useEditor({ datasetId, row: startRow, filter: startFilter }: EditorStart) {
  const queries = useQueryClient()
  const { filter, isFiltered, setFilter } = useFilter(startFilter)
  const [place, setPlace] = useState<Place>({ index: isFiltered ? 0 : startRow - 1 })
  const [inView, setInView] = useState<InView>({ first: place.index, last: place.index + 20 })
  const [failure, setFailure] = useState<{ rowId: string; error: unknown } | null>(null)
  const [busy, setBusy] = useState(false)
  const [focus, setFocus] = useState<FocusTarget | null>(null)
  const { drafts, keep, drop, newest, moved, settle, adopt } = useDrafts(datasetId)
  // A new row in which nothing was typed yet: it is stored nowhere, and gone when another row is opened.
  const [untouched, setUntouched] = useState<Seat | null>(null)
  const seat = drafts[NEW_ROW]?.seat ?? untouched
  const { data: view, error, refetch, isFetching } = useQuery(datasetQuery(datasetId))
  const stored = useRows(datasetId, filter, inView, place.index)
  const rows = withNewRow(stored, isFiltered ? null : seat, drafts[NEW_ROW]?.text)

  // Rows may have moved since: the one that was opened is the one that is meant.
  const found = place.id !== undefined && rows.at(place.index)?.id !== place.id ? rows.placeOf(place.id) : -1
  const newAt = rows.placeOf(NEW_ROW)
  const isBehindNew = place.id === undefined && newAt !== -1 && newAt < (place.line ?? 0)
  const meant = place.index + (isBehindNew ? 1 : 0)
  const index = found === -1 ? Math.min(meant, Math.max(0, rows.total - 1)) : found
  const row = rows.at(index)
  const draft = row && drafts[row.id]
  const text = draft?.text ?? row?.text ?? ''
  const isNew = row?.id === NEW_ROW
  const live = useLive(row?.number, draft?.text)
  // What is not stored is no problem of the dataset.
  const counted = isNew ? null : live
  const issues = useIssues(view?.report.issues, counted)
  const flags = useMemo(() => worst(issues), [issues])
  const before = (view?.report.issues ?? []).filter(
    (issue) => counted && isError(issue) && isSettledBy(counted, issue),
  )
  const saved = view ? view.dataset.train.errors + view.dataset.heldout.errors : 0
  const errors = saved - before.length + (counted?.issues.filter(isError).length ?? 0)

  const refresh = () => queries.invalidateQueries({ queryKey: ['datasets'] })

  /** Coming back to a row later is no wish to write in it. */
  const lookAway = () => setFocus((last) => last && { ...last, line: 0, id: undefined })
  const open = (next: number, id = rows.at(next)?.id) => {
    lookAway()
    // Without an untouched row, those behind it stand one place earlier: the id finds them.
    if (id !== NEW_ROW) setUntouched(null)
    setPlace({ index: next, id })
    showInAddress(filter, rows.at(next)?.number ?? next + 1)
  }
  /** Opens a line of the dataset, whichever rows the list shows. */
  const openLine = (number: number, id?: string) => {
    lookAway()
    setFilter({})
    setUntouched(null)
    setPlace({ index: number - 1, id, line: number })
    showInAddress({}, number)
  }
  const look = (target: Omit<FocusTarget, 'turn'>) =>
    setFocus((last) => ({ ...target, turn: (last?.turn ?? 0) + 1 }))

  const changeFilter = (next: RowFilter) => {
    setFilter(next)
    setPlace({ index: 0 })
    showInAddress(tidy(next), 1)
  }

  const goTo = ({ line, column, message }: Pick<Issue, 'line' | 'column' | 'message'>) => {
    if (row?.number !== line || isNew) openLine(line)
    look({ line, column, message })
  }

  const draftOf = (next: string): Draft => {
    if (isNew && seat) return { text: next, revision: 0, seat }
    return { text: next, revision: draft?.revision ?? row?.revision ?? 0 }
  }
  const edit = (next: string) => {
    if (!row) return
    setFailure(null)
    if (isNew) setUntouched(seat)
    if (next === (isNew ? seat?.blank : row.text)) drop(row.id)
    else keep(row.id, draftOf(next))
  }

  /** Until the list is here again, other rows stand in its lines. */
  const listAgain = () =>
    queries.refetchQueries(
      { queryKey: ['datasets', datasetId, 'rows'], type: 'active' },
      { cancelRefetch: false },
    )

  /** Runs a change; what fails is told beside the row. */
  const attempt = async <Result>(rowId: string, change: () => Promise<Result>): Promise<Result | null> => {
    setBusy(true)
    setFailure(null)
    try {
      const result = await change()
      void refresh()
      return result
    } catch (thrown) {
      setFailure({ rowId, error: thrown })
      return null
    } finally {
      setBusy(false)
    }
  }

  /** Shows a saved row at once, before the list has been asked again. */
  const show = (rowId: string, change: Partial<DatasetRow>) =>
    queries.setQueriesData<RowsPage>({ queryKey: ['datasets', datasetId, 'rows'] }, (page) =>
      page?.rows.some(({ id }) => id === rowId)
        ? { ...page, rows: page.rows.map((one) => (one.id === rowId ? { ...one, ...change } : one)) }
        : page,
    )

  /** @param from the revision that is changed, as the page knew it */
  const changeOf = async (id: string, from: number, body: Omit<RowChange, 'revision'>) => {
    const revision = newest(id, from)
    const done = await attempt(id, () => changeRow(datasetId, id, { revision, ...body }))
    if (!done) return null
    moved(id, revision, done.revision)
    const { split, line } = body
    show(id, {
      revision: done.revision,
      ...(split !== undefined && { split }),
      ...(line !== undefined && { text: line }),
    })
    return done
  }

  /** Stores the new row. @returns its id; null when that failed, or there is none in which anything was typed */
  const saveNew = async (): Promise<string | null> => {
    const typed = drafts[NEW_ROW]
    if (!typed?.seat) return null
    const body = bodyOf(typed.text, typed.seat)
    const made = await attempt(NEW_ROW, () => addRow(datasetId, body))
    if (!made) return null
    await listAgain()
    setUntouched(null)
    adopt(made.id, { text: typed.text, revision: made.revision })
    return made.id
  }

  /** @param over the revision to save over, when another window was quicker */
  const save = async (over?: number): Promise<boolean> => {
    if (!row || !draft) return true
    const { text: line, revision } = draft
    if (over !== undefined) moved(row.id, revision, over)
    const done = await changeOf(row.id, revision, { line })
    if (done) settle(row.id, line)
    return done !== null
  }

  /** Saves every row that was edited. @returns false when one was not: its row is opened, and says why */
  const saveAll = async (): Promise<boolean> => {
    const { [NEW_ROW]: begun, ...edited } = drafts
    for (const [rowId, { text: line, revision }] of Object.entries(edited)) {
      if (!(await changeOf(rowId, revision, { line }))) {
        const at = rows.placeOf(rowId)
        if (at !== -1) open(at, rowId)
        return false
      }
      settle(rowId, line)
    }
    if (begun && (await saveNew()) === null) {
      openNew(begun.seat?.place ?? 0)
      return false
    }
    return true
  }

  const duplicate = async () => {
    const copyOf = isNew ? await saveNew() : row?.id
    if (!row || !copyOf) return
    const made = await attempt(copyOf, () => addRow(datasetId, { copyOf }))
    if (!made) return
    await listAgain()
    openLine(row.number + 1, made.id)
    look({ line: row.number + 1, id: made.id, message: 'edit' })
  }

  const openNew = (at: number) => {
    setFilter({})
    setPlace({ index: at, id: NEW_ROW })
    showInAddress({}, at + 1)
    look({ line: at + 1, id: NEW_ROW, message: 'edit' })
  }

  /** A new row behind the open one, or at the end of an empty dataset. One that was begun elsewhere is stored first. */
  const addBehind = async (): Promise<void> => {
    if (isNew && !draft) return look({ line: row.number, id: NEW_ROW, message: 'edit' })
    const saved = await saveNew()
    // It is not lost: it is shown with the reason.
    if (saved === null && drafts[NEW_ROW]) return openNew(drafts[NEW_ROW].seat?.place ?? 0)
    const after = isNew ? saved : (row?.id ?? null)
    const at = row ? row.number : (view?.report.lines ?? 0)
    // The report is a moment behind: of the second row of a dataset it knows nothing yet.
    const system = view?.report.usualSystem ?? systemPromptOf(text)
    setUntouched({ after, place: at, split: row?.split ?? 'train', blank: blankLine(system) })
    openNew(at)
  }

  const saveAndNext = async () => {
    if (!row) return
    const isLast = index + 1 >= rows.total && !isFiltered
    if (isNew && isLast) return addBehind()
    if (isNew ? !(await saveNew()) : !(await save())) return
    if (isLast) return addBehind()
    const next = Math.min(rows.total - 1, index + 1)
    open(next)
    look({ line: rows.at(next)?.number ?? next + 1, message: 'edit' })
  }

  const setSplit = async (split: DatasetRow['split']) => {
    if (isNew && seat) {
      setUntouched({ ...seat, split })
      if (draft) keep(NEW_ROW, { ...draft, seat: { ...seat, split } })
      return
    }
    if (!row || split === row.split || view?.dataset.splitLocked) return
    await changeOf(row.id, row.revision, { split })
  }

  const discard = () => {
    if (isNew) setUntouched(seat)
    if (row) drop(row.id)
  }

  /** Nothing of a new row is stored. @returns a way to bring it back as a stored row, when something was typed */
  const removeNew = (): (() => Promise<void>) | null => {
    setUntouched(null)
    drop(NEW_ROW)
    setPlace({ index: Math.max(0, index - 1) })
    if (!draft || !seat) return null
    return async () => {
      const made = await attempt(NEW_ROW, () => addRow(datasetId, bodyOf(draft.text, seat)))
      if (!made) return
      await listAgain()
      openLine(index + 1, made.id)
    }
  }

  /** @returns a way to take it back */
  const remove = async (): Promise<(() => Promise<void>) | null> => {
    if (!row) return null
    if (isNew) return removeNew()
    const { id, number, revision } = row
    const gone = await changeOf(id, revision, { deleted: true })
    if (!gone) return null
    await listAgain()
    setPlace({ index: Math.max(0, Math.min(index, rows.total - 2)) })
    return async () => {
      if (!(await changeOf(id, gone.revision, { deleted: false }))) return
      await listAgain()
      openLine(number, id)
    }
  }

  const undo = async (): Promise<Undone | null> => {
    const undone = await attempt(row?.id ?? '', () => undoStep(datasetId))
    await listAgain()
    if (undone?.number) openLine(undone.number)
    return undone
  }

  const failed = failure && failure.rowId === (row?.id ?? '') ? failure.error : null
  const conflict = failed instanceof AppError && failed.code === 'conflict' ? failed : null
  return {
    datasetId,
    view,
    error,
    refetch,
    isFetching,
    filter,
    isFiltered,
    changeFilter,
    rows,
    setInView,
    index,
    row,
    text,
    issues,
    errors,
    flags,
    focus,
    busy,
    dirty: draft !== undefined,
    unsaved: (rowId: string) => rowId in drafts,
    unsavedCount: Object.keys(drafts).length,
    rowIssues: isNew
      ? (live?.issues ?? [])
      : issues.filter((issue) => issue.line === row?.number && issue.row !== undefined),
    isNew,
    /** Of the open row among the stored ones, from 1. */
    position: index + (newAt !== -1 && newAt < index ? 0 : 1),
    /** Rows that are stored, of those that the filter lets through. */
    total: stored.total,
    failed,
    conflict: conflict?.facts?.revision === undefined ? null : conflict,
    open,
    goTo,
    look,
    edit,
    save,
    saveAll,
    saveAndNext,
    duplicate,
    addBehind,
    setSplit,
    remove,
    undo,
    refresh,
    overwrite: () => save(Number(conflict?.facts?.revision)),
    discard,
    loadTheirs: async () => {
      if (row) drop(row.id)
      setFailure(null)
      await refresh()
    },
  }
}

export type Editor = ReturnType<typeof useEditor>
