import { useState } from 'react'
import type { Late } from './lazily.tsx'

/**
 * A popup that is loaded when the pointer or the focus is on what opens it, so that no page carries those that a visit
 * never opens. Its root is closed until it is there: one that closes again before would never end, for what ends it is
 * the fading of the popup.
 * @param waits opens it as soon as it is there, rather than the next time
 */
export function useIntent({ useLoaded }: Pick<Late<never>, 'useLoaded'>, waits = true) {
  const [intended, setIntended] = useState(false)
  const [wanted, setWanted] = useState(false)
  const isLoaded = useLoaded(intended)
  const intend = () => setIntended(true)
  const onOpenChange = (open: boolean) => {
    intend()
    setWanted(open && (waits || isLoaded))
  }
  return {
    isLoaded,
    root: { open: wanted && isLoaded, onOpenChange },
    trigger: { onPointerEnter: intend, onFocus: intend },
  }
}
