'use client'
import { useEffect, useState } from 'react'

/** ms without a keystroke before the server is asked. */
const QUIET = 300

/**
 * The text as it was when the keys last rested.
 * @param first what it is until then
 */
export function useSettled(text: string, first = text): string {
  const [settled, setSettled] = useState(first)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), QUIET)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
