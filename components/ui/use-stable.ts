'use client'
import { useCallback, useRef, useState } from 'react'

/** A function that is the same at every paint and does what the newest one does: for events, not while painting. */
export function useStable<Args extends unknown[], Result>(
  act: (...args: Args) => Result,
): (...args: Args) => Result {
  const current = useRef(act)
  current.current = act
  return useCallback((...args: Args) => current.current(...args), [])
}

type Actions = Readonly<Record<string, (...args: never[]) => unknown>>

/** Several such functions in one object, which is the same at every paint too. Their names never change. */
export function useStableActions<Named extends Actions>(actions: Named): Named {
  const current = useRef(actions)
  current.current = actions
  const [stable] = useState(() => {
    const call =
      (name: string) =>
      (...args: never[]) =>
        current.current[name]?.(...args)
    return Object.fromEntries(Object.keys(actions).map((name) => [name, call(name)])) as Named
  })
  return stable
}
