import { useMemo, useState } from 'react'
import type { Opening } from '#lib/playground/initial-panes.ts'
import type { Sampling } from '#lib/playground/schema.ts'

export interface Question extends Sampling {
  system: string
  prompt: string
}

/** The likeliest answer, so that a comparison can be repeated; long enough for a short paragraph. */
const SAMPLING = { temperature: 0, topP: null, maxTokens: 120, seed: null }

const questionOf = ({ comparison, system, prompt }: Opening): Question => {
  if (!comparison) return { ...SAMPLING, system, prompt }
  const { samples, ...question } = comparison.question
  return question
}

/** What is asked, and the settings that the panes share. */
export function useQuestion(opening: Opening) {
  const [question, setQuestion] = useState<Question>(() => questionOf(opening))
  const { temperature, topP, maxTokens, seed } = question
  const sampling: Sampling = useMemo(
    () => ({ temperature, topP, maxTokens, seed }),
    [temperature, topP, maxTokens, seed],
  )
  return {
    question,
    /** The same until a setting changes: typing a prompt changes none. */
    sampling,
    setQuestion,
    changeQuestion: (change: Partial<Question>) => setQuestion((before) => ({ ...before, ...change })),
  }
}

export type Questioning = ReturnType<typeof useQuestion>
