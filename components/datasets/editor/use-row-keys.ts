'use client'
import { useRef } from 'react'
import { useKeys } from '#components/ui/use-keys.ts'
import type { RowActions } from './use-row-actions.ts'

const focusSearch = () => document.querySelector<HTMLInputElement>('[data-search]')?.focus()

/** Resolves after React has rendered the last change. */
const painted = () => new Promise((resolve) => setTimeout(resolve))

/** Runs changes one after the other, even if keys are pressed faster. */
function useInTurn() {
  const last = useRef<Promise<unknown>>(Promise.resolve())
  return (act: () => unknown) => {
    last.current = last.current.then(act, act).then(painted)
  }
}

/** @param actions a stable object: a queued action runs with the state at its turn, not at the key press */
export function useRowKeys(actions: RowActions) {
  const inTurn = useInTurn()
  /** Ignores key repeat: a change runs once per key press. */
  const once = (act: () => unknown) => (event: KeyboardEvent) => event.repeat || inTurn(act)
  useKeys({
    j: actions.next,
    k: actions.previous,
    n: once(actions.addBehind),
    e: actions.write,
    w: (event) => event.repeat || actions.weight(),
    t: once(actions.otherSplit),
    x: once(actions.remove),
    u: (event) => once(event.shiftKey ? actions.redo : actions.undo)(event),
    r: once(actions.review),
    '/': focusSearch,
    'mod+d': once(actions.duplicate),
    'mod+enter': once(actions.saveOrGoOn),
  })
}
