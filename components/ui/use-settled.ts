'use client'
import { useEffect, useState } from 'react'

/** ms without a change before the server is asked (debounce). */
const QUIET = 250

/**
 * A debounced value: the value at the time it last stopped changing.
 * @param first the value until then
 */
export function useSettled<Value>(value: Value, first = value): Value {
  const [settled, setSettled] = useState(first)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), QUIET)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
