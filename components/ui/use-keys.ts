'use client'
import { useEffect, useRef } from 'react'

/** Handler of a key; returns `false` to leave the key to the browser. */
type Binding = (event: KeyboardEvent) => unknown

/** A popup or dialog is open and handles its own keys. */
const OVER_THE_PAGE =
  '[role="dialog"][data-open], [role="alertdialog"][data-open], [role="menu"][data-open], dialog[open]'

/** The outline of the next page covers this one. */
const NEXT_PAGE = '[data-opening]'

/** Elements that accept text; a checkbox does not. */
const TAKES_LETTERS =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(TAKES_LETTERS) !== null

/** Letters of another script (Arabic has a key for two of them, لا), its question mark and its digits. */
const FOREIGN = /^(?:[^\P{L}a-z]{1,2}|؟|[٠-٩])$/iu

/** What a key means on a Latin keyboard, also under a layout for another script. */
function latinOf({ key, code, shiftKey }: KeyboardEvent): string {
  if (!FOREIGN.test(key)) return key
  if (code === 'Slash') return shiftKey ? '?' : '/'
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? key
}

/** `mod+enter` on every platform, or a single key by its label: `j`, `/`, `?`. */
export function nameOf(event: KeyboardEvent): string {
  const { metaKey, ctrlKey, altKey } = event
  const name = latinOf(event).toLowerCase()
  if (metaKey || ctrlKey) return `mod+${name}`
  return altKey ? `alt+${name}` : name
}

const takes = ({ target, defaultPrevented, isComposing }: KeyboardEvent, name: string): boolean =>
  !(defaultPrevented || isComposing) &&
  (name.startsWith('mod+') || !isTyping(target)) &&
  document.querySelector(OVER_THE_PAGE) === null

/** Whether a key without a modifier is meant for the page: nobody types, and nothing is open over it. */
export const isForThePage = (event: KeyboardEvent): boolean => takes(event, event.key)

const CALM = '(prefers-reduced-motion: reduce)'

/** Highlights the button that a key has pressed. */
function flash(name: string): void {
  if (matchMedia(CALM).matches) return
  const button = document.querySelector(`[data-hotkey="${CSS.escape(name)}"]`)
  button?.animate([{ backgroundColor: 'var(--accent-soft)' }, {}], { duration: 160 })
}

/**
 * Keyboard shortcuts of a page. Single keys are ignored while the user types and while a popup is open; shortcuts with
 * a modifier also work while the user types.
 * @param everywhere they belong to no page, and work while the next one is on its way
 */
export function useKeys(bindings: Readonly<Record<string, Binding>>, everywhere = false): void {
  const current = useRef(bindings)
  current.current = bindings
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const name = nameOf(event)
      const act = current.current[name]
      if (!act || !takes(event, name)) return
      if (!everywhere && document.querySelector(NEXT_PAGE)) return
      event.preventDefault()
      flash(name)
      act(event)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [everywhere])
}
