import { type ComponentType, createElement, useEffect, useState } from 'react'

/** ms until what could not be loaded is asked for again, as long as it is wanted. */
const AGAIN = 1_000

/**
 * A component that is loaded when it is first shown, and nothing until then. Not by React's `lazy`: a page without a
 * boundary around it would wait, and lose what is typed meanwhile, and a server that is away would end the page.
 */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | null = null
  return function Lazily(props: Props) {
    const [isLoaded, setLoaded] = useState(loaded !== null)
    useEffect(() => {
      if (isLoaded) return
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
    }, [isLoaded])
    return loaded && createElement(loaded, props)
  }
}
