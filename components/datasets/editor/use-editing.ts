'use client'
import type { Split } from '#lib/datasets/schema.ts'
import { NEW_ROW } from './new-row.ts'
import type { Draft, Drafts } from './use-drafts.ts'
import type { RowChanges } from './use-row-changes.ts'
import type { Selection } from './use-selection.ts'

/** Edits of the open row: its text, which stays a draft, and its split. */
export function useEditing(
  { row, draft, isNew, seat, setUntouched }: Selection,
  { keep, drop }: Drafts,
  { forgive, changeOf }: RowChanges,
) {
  const draftOf = (next: string): Draft => {
    if (isNew && seat) return { text: next, revision: 0, seat }
    return { text: next, revision: draft?.revision ?? row?.revision ?? 0 }
  }
  return {
    edit: (next: string) => {
      if (!row) return
      forgive()
      if (isNew) setUntouched(seat)
      if (next === (isNew ? seat?.blank : row.text)) drop(row.id)
      else keep(row.id, draftOf(next))
    },
    discard: () => {
      if (isNew) setUntouched(seat)
      if (row) drop(row.id)
    },
    /** @param locked whether stored rows keep their split */
    setSplit: async (split: Split, locked: boolean) => {
      if (isNew && seat) {
        setUntouched({ ...seat, split })
        if (draft) keep(NEW_ROW, { ...draft, seat: { ...seat, split } })
        return
      }
      if (!row || split === row.split || locked) return
      await changeOf(row.id, row.revision, { split })
    },
  }
}
