import { useRef, useState } from 'react'

/** Scroll distance from the top, in px, within which a list still follows new entries. */
const NEAR = 8

/**
 * A list with the newest entry on top; it follows new entries until the user scrolls away.
 * @param newest the newest sequence number
 */
export function useLatest(newest: number) {
  const box = useRef<HTMLDivElement>(null)
  const [leftAt, setLeftAt] = useState<number | null>(null)
  const onScroll = () => {
    const away = (box.current?.scrollTop ?? 0) > NEAR
    setLeftAt((known) => (away ? (known ?? newest) : null))
  }
  const jump = () => {
    box.current?.scrollTo({ top: 0 })
    box.current?.focus()
  }
  return { box, leftAt, onScroll, jump }
}
