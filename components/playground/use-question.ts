import { useMemo, useState } from 'react'
import type { Opening } from '#lib/playground/initial-panes.ts'
import type { Sampling } from '#lib/playground/schema.ts'

export interface Question extends Sampling {
  system: string
  prompt: string
}

/** Temperature 0 makes a comparison repeatable; 120 tokens are enough for a short paragraph. */
export const SAMPLING = { temperature: 0, topP: null, maxTokens: 120, seed: null }

const questionOf = ({ comparison, preset, system, prompt }: Opening): Question => {
  const known = comparison?.question ?? preset
  if (!known) return { ...SAMPLING, system, prompt }
  const { samples, ...question } = known
  return question
}

/** The question, and the settings that all panes share. */
export function useQuestion(opening: Opening) {
  const [question, setQuestion] = useState<Question>(() => questionOf(opening))
  const { temperature, topP, maxTokens, seed } = question
  const sampling: Sampling = useMemo(
    () => ({ temperature, topP, maxTokens, seed }),
    [temperature, topP, maxTokens, seed],
  )
  return {
    question,
    /** Its identity changes only with a setting, not while the user types a prompt. */
    sampling,
    setQuestion,
    changeQuestion: (change: Partial<Question>) => setQuestion((before) => ({ ...before, ...change })),
  }
}

export type Questioning = ReturnType<typeof useQuestion>
