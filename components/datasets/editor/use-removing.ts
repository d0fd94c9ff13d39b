'use client'
import { addRow, redoStep, undoStep } from '#lib/datasets/queries.ts'
import type { Undone } from '#lib/datasets/schema.ts'
import { bodyOf, NEW_ROW } from './new-row.ts'
import type { Drafts } from './use-drafts.ts'
import type { RowChanges } from './use-row-changes.ts'
import type { Selection } from './use-selection.ts'

/** Deletes rows, and undoes and redoes steps. */
export function useRemoving(
  datasetId: string,
  { row, draft, seat, isNew, index, rows, openLine, openPlace, setUntouched }: Selection,
  { drop }: Drafts,
  { attempt, changeOf, listAgain }: RowChanges,
) {
  /** A new row is not stored, so it only closes. @returns an undo that stores it as a row, if it had text */
  const removeNew = (): (() => Promise<void>) | null => {
    setUntouched(null)
    drop(NEW_ROW)
    openPlace(index - 1)
    if (!draft || !seat) return null
    return async () => {
      const made = await attempt(NEW_ROW, () => addRow(datasetId, bodyOf(draft.text, seat)))
      if (!made) return
      await listAgain()
      openLine(index + 1, made.id)
    }
  }

  /** @returns a function that undoes the deletion */
  const remove = async (): Promise<(() => Promise<void>) | null> => {
    if (!row) return null
    if (isNew) return removeNew()
    const { id, number, revision } = row
    const gone = await changeOf(id, revision, { deleted: true })
    if (!gone) return null
    await listAgain()
    openPlace(Math.min(index, rows.total - 2))
    return async () => {
      if (!(await changeOf(id, gone.revision, { deleted: false }))) return
      await listAgain()
      openLine(number, id)
    }
  }

  const revert = async (send: typeof undoStep): Promise<Undone | null> => {
    const reverted = await attempt(row?.id ?? '', () => send(datasetId))
    await listAgain()
    if (reverted?.number) openLine(reverted.number)
    return reverted
  }

  return { remove, undo: () => revert(undoStep), redo: () => revert(redoStep) }
}
