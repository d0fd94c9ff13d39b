'use client'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import { useStable } from '#components/ui/use-stable.ts'
import { readTurns, setKey, turnListsOf, writeTurns } from '#lib/training-data/edit.ts'
import type { Editor } from './use-editor.ts'

/** The line with another weight on its last answer: 0 and 1 take turns. */
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

const focusSearch = () => document.querySelector<HTMLInputElement>('[data-search]')?.focus()

/** Until what was just changed is on the page. */
const painted = () => new Promise((resolve) => setTimeout(resolve))

/** Makes changes one after the other, however quick the keys are. */
function useInTurn() {
  const last = useRef<Promise<unknown>>(Promise.resolve())
  return (act: () => unknown) => {
    last.current = last.current.then(act, act).then(painted)
  }
}

/** What one does with the open row, by button or by key. */
export function useRowActions(editor: Editor, onShowRow: () => void) {
  const t = useTranslations('datasets')
  const toast = useToast()
  const { row, rows, index, text, dirty, open, duplicate, edit, look, setSplit, saveAndNext } = editor
  const move = (by: -1 | 1) => {
    const target = index + by
    if (target >= 0 && target < rows.total) open(target)
  }
  const remove = async () => {
    if (!row) return
    const { number } = row
    const text = editor.isNew ? t('row.newDeleted') : t('row.deleted', { number })
    const undo = await editor.remove()
    if (undo) toast({ text, undo })
  }
  const undo = async () => {
    if (!editor.view?.dataset.undo) return
    const undone = await editor.undo()
    if (undone) toast({ text: t(`undone.${undone.kind === 'undo' ? 'step' : undone.kind}`) })
  }
  const actions = {
    previous: () => move(-1),
    next: () => move(1),
    duplicate,
    addBehind: async () => {
      onShowRow()
      await editor.addBehind()
    },
    edit: () => {
      onShowRow()
      if (row) look({ line: row.number, message: 'edit' })
    },
    weight: () => row && edit(withOtherWeight(text)),
    split: () => row && setSplit(row.split === 'train' ? 'heldout' : 'train'),
    remove,
    undo,
  }
  const inTurn = useInTurn()
  /** A change is made once, however long its key is held. */
  const once = (act: () => unknown) => (event: KeyboardEvent) => event.repeat || inTurn(act)
  const saveOrGoOn = () => {
    const line = rows.at(index + 1)?.number
    if (dirty) return saveAndNext()
    move(1)
    if (line) look({ line, message: 'edit' })
  }
  useKeys({
    j: actions.next,
    k: actions.previous,
    n: once(useStable(actions.addBehind)),
    e: actions.edit,
    w: (event) => event.repeat || actions.weight(),
    t: once(useStable(actions.split)),
    x: once(useStable(remove)),
    u: once(useStable(undo)),
    '/': focusSearch,
    'mod+d': once(useStable(actions.duplicate)),
    'mod+enter': once(useStable(saveOrGoOn)),
  })
  return actions
}

export type RowActions = ReturnType<typeof useRowActions>
