import { type FocusEvent, useEffect, useRef } from 'react'

/** Keeps the focus in a part of the page when what had it goes, as a button does once its problem is mended. */
export function useKeptFocus<Part extends HTMLElement>(seen: unknown) {
  const part = useRef<Part>(null)
  const last = useRef<Element>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again whenever what is shown is another
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
