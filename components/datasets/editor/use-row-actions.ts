'use client'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import type { DatasetView, Split, StepKind } from '#lib/datasets/schema.ts'
import { withSystem } from '#lib/datasets/worker/system-prompt.ts'
import { readTurns, setKey, turnListsOf, writeTurns } from '#lib/training-data/edit.ts'
import { useAdding } from './use-adding.ts'
import type { Caret } from './use-caret.ts'
import type { Chosen } from './use-chosen.ts'
import type { Drafts } from './use-drafts.ts'
import { useEditing } from './use-editing.ts'
import { useRemoving } from './use-removing.ts'
import type { Marks, RowChanges } from './use-row-changes.ts'
import type { Saving } from './use-saving.ts'
import type { Selection } from './use-selection.ts'

/** The line with the weight of its last answer toggled between 0 and 1. */
function withOtherWeight(text: string): string {
  for (const list of turnListsOf(text)) {
    const turns = readTurns(text, list) ?? []
    const at = turns.findLastIndex(({ value }) => value.role === 'assistant')
    const turn = turns[at]
    if (!turn || list !== 'messages') continue
    const raws = turns.map(({ raw }) => raw)
    return writeTurns(
      text,
      raws.with(at, setKey(turn.raw, 'weight', turn.value.weight === 0 ? undefined : 0)),
    )
  }
  return text
}

/** Only changes are undone or made again, so an answer never has these kinds. */
const isReversal = (kind: StepKind): kind is 'undo' | 'redo' => kind === 'undo' || kind === 'redo'

interface Parts {
  datasetId: string
  view: DatasetView | undefined
  selection: Selection
  store: Drafts
  saving: Saving
  changes: RowChanges
  caret: Caret
  chosen: Chosen
  /** Shows the row column on narrow screens. */
  onShowRow: () => void
}

/** Actions on the open row, by button or by key. */
export function useRowActions({
  datasetId,
  view,
  selection,
  store,
  saving,
  changes,
  caret,
  chosen,
  onShowRow,
}: Parts) {
  const t = useTranslations('datasets')
  const toast = useToast()
  const { row, rows, index, text, draft, isNew, open } = selection
  const { report, dataset } = view ?? {}
  const { drafts } = store
  const { duplicate, ...adding } = useAdding({ datasetId, report, selection, drafts, saving, changes, caret })
  const removing = useRemoving(datasetId, selection, store, changes)
  const editing = useEditing(selection, store, changes)
  const move = (by: -1 | 1) => {
    const target = index + by
    if (target >= 0 && target < rows.total) open(target)
  }
  const mark = async (marks: Marks) => {
    if (row && !isNew) await changes.mark(row.id, row.revision, marks)
  }
  const write = (line: number) => caret.look({ line, message: 'edit' })
  const setSplit = (split: Split) => editing.setSplit(split, dataset?.splitLocked ?? false)
  return {
    ...adding,
    duplicate,
    edit: editing.edit,
    discard: editing.discard,
    setSplit,
    previous: () => move(-1),
    next: () => move(1),
    addBehind: async () => {
      // A hidden field cannot take the focus: show the row first.
      onShowRow()
      await adding.addBehind()
    },
    write: () => {
      onShowRow()
      if (row) write(row.number)
    },
    weight: () => row && editing.edit(withOtherWeight(text)),
    otherSplit: () => row && setSplit(row.split === 'train' ? 'heldout' : 'train'),
    remove: async () => {
      if (!row) return
      const { number } = row
      const text = isNew ? t('row.newDeleted') : t('row.deleted', { number })
      const undo = await removing.remove()
      if (undo) toast({ text, undo })
    },
    undo: async () => {
      if (!dataset?.undo) return
      const undone = await removing.undo()
      if (undone) toast({ text: t(`undone.${isReversal(undone.kind) ? 'step' : undone.kind}`) })
    },
    redo: async () => {
      if (!dataset?.redo) return
      const redone = await removing.redo()
      if (redone && !isReversal(redone.kind))
        toast({ text: t('redo.done', { step: t(`redo.steps.${redone.kind}`) }) })
    },
    mark,
    toggleChosen: () => row && chosen.toggle(index, row.id),
    setSystem: (system: string) => editing.edit(withSystem(text, system).line),
    /** Reviewed, or a draft again. */
    review: () => mark({ review: row?.review === 'reviewed' ? 'draft' : 'reviewed' }),
    saveOrGoOn: () => {
      const line = rows.at(index + 1)?.number
      if (draft) return adding.saveAndNext()
      move(1)
      if (line) write(line)
    },
  }
}

export type RowActions = ReturnType<typeof useRowActions>
