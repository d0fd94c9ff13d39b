'use client'
import { useCallback, useRef } from 'react'

/** A function that is the same at every paint and does what the newest one does: for events, not while painting. */
export function useStable<Args extends unknown[], Result>(
  act: (...args: Args) => Result,
): (...args: Args) => Result {
  const current = useRef(act)
  current.current = act
  return useCallback((...args: Args) => current.current(...args), [])
}
