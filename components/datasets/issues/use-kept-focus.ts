import { type FocusEvent, useEffect, useRef } from 'react'

/** Keeps the focus inside a part of the page when the focused element disappears, such as a button of a fixed issue. */
export function useKeptFocus<Part extends HTMLElement>(seen: unknown) {
  const part = useRef<Part>(null)
  const last = useRef<Element>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: check again whenever the content changes
  useEffect(() => {
    const gone = last.current && !last.current.isConnected
    if (!gone || document.activeElement !== document.body) return
    last.current = null
    part.current?.focus({ preventScroll: true })
  }, [seen])
  const onFocus = ({ target }: FocusEvent) => {
    last.current = target
  }
  return { ref: part, onFocus, tabIndex: -1 }
}
