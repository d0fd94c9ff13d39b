import { useState } from 'react'

/**
 * Whether a popup may be shown soon: the pointer or the focus is on what opens it, or it is open. Its content is loaded
 * from then on, so that no page carries the popups that a visit never opens.
 */
export function useIntent() {
  const [intended, setIntended] = useState(false)
  const intend = () => setIntended(true)
  return { intended, onOpenChange: intend, trigger: { onPointerEnter: intend, onFocus: intend } }
}
