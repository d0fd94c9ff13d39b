'use client'
import { useState } from 'react'

/** Where the caret should go: a message of the conversation, `edit` for what is still to be written, else a column. */
export interface FocusTarget {
  line: number
  /** The row that is meant, where others still stand in its line. */
  id?: string
  column?: number
  message?: number | 'edit'
  /** Grows, so that the same place can be asked for twice. */
  turn: number
}

/** Where the caret was sent last. */
export function useCaret() {
  const [focus, setFocus] = useState<FocusTarget | null>(null)
  return {
    focus,
    look: (target: Omit<FocusTarget, 'turn'>) =>
      setFocus((last) => ({ ...target, turn: (last?.turn ?? 0) + 1 })),
    /** Coming back to a row later is no wish to write in it. */
    lookAway: () => setFocus((last) => last && { ...last, line: 0, id: undefined }),
  }
}

export type Caret = ReturnType<typeof useCaret>
