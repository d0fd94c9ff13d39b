import { useLayoutEffect, useRef, useState } from 'react'

/** Scroll distance from the end, in px, within which a list still follows new entries. */
const NEAR = 8

/**
 * A list with the newest entry at its end; it follows new entries until the user scrolls away, and stays where it is when
 * older ones come before.
 * @param oldest the sequence number of the first entry, null without one
 * @param newest the sequence number of the last entry
 * @param shown changes with what is shown
 */
export function useLatest(oldest: number | null, newest: number, shown: unknown) {
  const box = useRef<HTMLDivElement>(null)
  const [leftAt, setLeftAt] = useState<number | null>(null)
  const known = useRef({ oldest, height: 0 })

  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls whenever what is shown changes
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const { scrollHeight: height } = element
    if (leftAt === null) element.scrollTop = height
    else if (known.current.oldest !== oldest) element.scrollTop += height - known.current.height
    known.current = { oldest, height }
  }, [oldest, shown, leftAt])

  const onScroll = () => {
    if (!box.current) return
    const { scrollTop, scrollHeight, clientHeight } = box.current
    const away = scrollHeight - scrollTop - clientHeight > NEAR
    setLeftAt((left) => (away ? (left ?? newest) : null))
  }
  const jump = () => {
    setLeftAt(null)
    box.current?.focus()
  }
  return { box, leftAt, onScroll, jump }
}
