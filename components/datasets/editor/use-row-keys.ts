'use client'
import { useRef } from 'react'
import { useKeys } from '#components/ui/use-keys.ts'
import type { RowActions } from './use-row-actions.ts'

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

/** @param actions the same at every paint: one that waits for its turn does what is newest by then */
export function useRowKeys(actions: RowActions) {
  const inTurn = useInTurn()
  /** A change is made once, however long its key is held. */
  const once = (act: () => unknown) => (event: KeyboardEvent) => event.repeat || inTurn(act)
  useKeys({
    j: actions.next,
    k: actions.previous,
    n: once(actions.addBehind),
    e: actions.write,
    w: (event) => event.repeat || actions.weight(),
    t: once(actions.otherSplit),
    x: once(actions.remove),
    u: once(actions.undo),
    '/': focusSearch,
    'mod+d': once(actions.duplicate),
    'mod+enter': once(actions.saveOrGoOn),
  })
}
