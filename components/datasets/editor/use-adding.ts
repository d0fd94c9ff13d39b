'use client'
import { addRow } from '#lib/datasets/queries.ts'
import type { DatasetReport } from '#lib/datasets/schema.ts'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import { blankLine } from '#lib/training-data/edit.ts'
import { NEW_ROW } from './new-row.ts'
import type { Caret } from './use-caret.ts'
import type { Drafts } from './use-drafts.ts'
import type { RowChanges } from './use-row-changes.ts'
import type { Saving } from './use-saving.ts'
import type { Selection } from './use-selection.ts'

interface Parts {
  datasetId: string
  report: DatasetReport | undefined
  selection: Selection
  drafts: Drafts['drafts']
  saving: Saving
  changes: RowChanges
  caret: Caret
}

/** Adds rows next to the open one: a new row after it, or a copy of it. */
export function useAdding({ datasetId, report, selection, drafts, saving, changes, caret: { look } }: Parts) {
  const { row, draft, rows, index, text, isNew, isFiltered, open, openLine, openNew, setUntouched } =
    selection
  const { save, saveNew } = saving

  const duplicate = async () => {
    const copyOf = isNew ? await saveNew() : row?.id
    if (!row || !copyOf) return
    const made = await changes.attempt(copyOf, () => addRow(datasetId, { copyOf }))
    if (!made) return
    await changes.listAgain()
    openLine(row.number + 1, made.id)
    look({ line: row.number + 1, id: made.id, message: 'edit' })
  }

  /** Opens a new row after the open one, or at the end of an empty dataset. A new row with text is stored first. */
  const addBehind = async (): Promise<void> => {
    if (isNew && !draft) return look({ line: row?.number ?? 0, id: NEW_ROW, message: 'edit' })
    const saved = await saveNew()
    // Saving failed: keep the draft open, with its error.
    if (saved === null && drafts[NEW_ROW]) return openNew(drafts[NEW_ROW].seat?.place ?? 0)
    const after = isNew ? saved : (row?.id ?? null)
    const at = row ? row.number : (report?.lines ?? 0)
    // The report lags behind: after the first row of a dataset it has no usual system prompt yet.
    const system = report?.usualSystem ?? systemPromptOf(text)
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

  return { duplicate, addBehind, saveAndNext }
}
