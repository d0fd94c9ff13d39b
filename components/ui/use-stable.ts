'use client'
import { useCallback, useRef, useState } from 'react'

/** A function with a stable identity that calls the newest version: for event handlers, not during rendering. */
export function useStable<Args extends unknown[], Result>(
  act: (...args: Args) => Result,
): (...args: Args) => Result {
  const current = useRef(act)
  current.current = act
  return useCallback((...args: Args) => current.current(...args), [])
}

type Actions = Readonly<Record<string, (...args: never[]) => unknown>>

/** Several such functions in one object with a stable identity. The set of names must not change. */
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
