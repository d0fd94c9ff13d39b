import { type ComponentType, createElement, type ReactNode, useEffect, useState } from 'react'

/** ms until what could not be loaded is asked for again, as long as it is wanted. */
const AGAIN = 1_000

export interface Late<Props> {
  (props: Props): ReactNode
  /** Loads it once it is wanted. @returns whether it is there */
  useLoaded: (isWanted: boolean) => boolean
}

/**
 * A component that is loaded when it is first shown, and nothing until then. Not by React's `lazy`: a page without a
 * boundary around it would wait, and lose what is typed meanwhile, and a server that is away would end the page.
 */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): Late<Props> {
  let loaded: ComponentType<Props> | null = null

  function useLoaded(isWanted: boolean): boolean {
    const [isLoaded, setLoaded] = useState(loaded !== null)
    useEffect(() => {
      if (!isWanted || isLoaded) return
      let timer: number | undefined
      let gone = false
      const attempt = () =>
        load().then(
          (component) => {
            loaded = component
            if (!gone) setLoaded(true)
          },
          () => {
            if (!gone) timer = window.setTimeout(attempt, AGAIN)
          },
        )
      void attempt()
      return () => {
        gone = true
        window.clearTimeout(timer)
      }
    }, [isWanted, isLoaded])
    return isLoaded
  }

  function Lazily(props: Props): ReactNode {
    return useLoaded(true) && loaded && createElement(loaded, props)
  }
  return Object.assign(Lazily, { useLoaded })
}
