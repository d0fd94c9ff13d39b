import { useRef, useState } from 'react'

/** px from the top within which a list still counts as being at its newest. */
const NEAR = 8

/** A list with the newest on top, which stays there until scrolled away. @param newest the newest sequence number */
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
