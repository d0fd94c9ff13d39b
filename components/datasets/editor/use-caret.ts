'use client'
import { useState } from 'react'

/** Target of the caret: a message of the conversation, `edit` for the field to write in next, else a column. */
export interface FocusTarget {
  line: number
  /** The id of the row, while the list may still have another row at this line. */
  id?: string
  column?: number
  message?: number | 'edit'
  /** Increases with each request, so that the same target can be requested twice. */
  turn: number
}

/** The last target of the caret. */
export function useCaret() {
  const [focus, setFocus] = useState<FocusTarget | null>(null)
  return {
    focus,
    look: (target: Omit<FocusTarget, 'turn'>) =>
      setFocus((last) => ({ ...target, turn: (last?.turn ?? 0) + 1 })),
    /** Returning to the row later must not move the caret again. */
    lookAway: () => setFocus((last) => last && { ...last, line: 0, id: undefined }),
  }
}

export type Caret = ReturnType<typeof useCaret>
