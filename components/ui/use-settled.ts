'use client'
import { useEffect, useState } from 'react'

/** ms without a change before the server is asked. */
const QUIET = 250

/**
 * A value as it was when it last stopped changing.
 * @param first what it is until then
 */
export function useSettled<Value>(value: Value, first = value): Value {
  const [settled, setSettled] = useState(first)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), QUIET)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
