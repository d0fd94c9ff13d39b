'use client'
import { useEffect, useState } from 'react'

/** ms without a keystroke before the server is asked. */
const QUIET = 300

/** The text as it was when the keys last rested. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), QUIET)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
