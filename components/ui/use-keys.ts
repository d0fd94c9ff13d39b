'use client'
import { useEffect, useRef } from 'react'

/** What a key does; `false` leaves the key to the browser. */
type Binding = (event: KeyboardEvent) => unknown

/** Something above the page waits for an answer, and its keys are its own. */
const OVER_THE_PAGE =
  '[role="dialog"][data-open], [role="alertdialog"][data-open], [role="menu"][data-open], dialog[open]'

/** A tick takes no letters. */
const TAKES_LETTERS =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(TAKES_LETTERS) !== null

/** The Latin letter of a key, also where a keyboard writes another script with it. */
const letterOf = (key: string, code: string): string =>
  /^\p{L}$/u.test(key) && !/^[a-z]$/i.test(key) && code.startsWith('Key') ? code.slice(3) : key

/** `mod+enter` on every platform, or a single key as it is labelled: `j`, `/`, `?`. */
function nameOf({ key, code, metaKey, ctrlKey, altKey }: KeyboardEvent): string {
  const name = letterOf(key, code).toLowerCase()
  if (metaKey || ctrlKey) return `mod+${name}`
  return altKey ? `alt+${name}` : name
}

const CALM = '(prefers-reduced-motion: reduce)'

/** Shows which button a key has pressed. */
function flash(name: string): void {
  if (matchMedia(CALM).matches) return
  const button = document.querySelector(`[data-hotkey="${CSS.escape(name)}"]`)
  button?.animate([{ backgroundColor: 'var(--accent-soft)' }, {}], { duration: 160 })
}

/**
 * Keys of a page. Single keys never act while someone types, nor while something stands over the page; those with
 * a modifier do while someone types.
 */
export function useKeys(bindings: Readonly<Record<string, Binding>>): void {
  const current = useRef(bindings)
  current.current = bindings
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const name = nameOf(event)
      const act = current.current[name]
      if (!act || event.defaultPrevented || event.isComposing) return
      if (!name.startsWith('mod+') && isTyping(event.target)) return
      if (document.querySelector(OVER_THE_PAGE)) return
      event.preventDefault()
      flash(name)
      act(event)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
