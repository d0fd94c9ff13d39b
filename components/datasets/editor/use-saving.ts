'use client'
import { AppError } from '#lib/core/errors.ts'
import { addRow } from '#lib/datasets/queries.ts'
import { bodyOf, NEW_ROW } from './new-row.ts'
import type { Drafts } from './use-drafts.ts'
import type { RowChanges } from './use-row-changes.ts'
import type { Selection } from './use-selection.ts'

/** Saves drafts, and reports errors. */
export function useSaving(datasetId: string, selection: Selection, store: Drafts, changes: RowChanges) {
  const { row, draft, rows, open, openNew, setUntouched } = selection
  const { drafts, drop, moved, settle, adopt } = store
  const { failure, forgive, refresh, listAgain, attempt, changeOf } = changes

  /** Stores the new row. @returns its id; null if that failed or if no new row has text */
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

  /** @param over the revision to overwrite, if another window saved first */
  const save = async (over?: number): Promise<boolean> => {
    if (!row || !draft) return true
    const { text: line, revision } = draft
    if (over !== undefined) moved(row.id, revision, over)
    const done = await changeOf(row.id, revision, { line })
    if (done) settle(row.id, line)
    return done !== null
  }

  /** Saves every edited row. @returns false if a row could not be saved: that row opens and shows the error */
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

  const failed = failure && failure.rowId === (row?.id ?? '') ? failure.error : null
  const conflict = failed instanceof AppError && failed.code === 'conflict' ? failed : null
  return {
    failed,
    conflict: conflict?.facts?.revision === undefined ? null : conflict,
    save,
    saveNew,
    saveAll,
    overwrite: () => save(Number(conflict?.facts?.revision)),
    loadTheirs: async () => {
      if (row) drop(row.id)
      forgive()
      await refresh()
    },
  }
}

export type Saving = ReturnType<typeof useSaving>
