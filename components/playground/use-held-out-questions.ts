import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { rowWords } from '#components/datasets/row-words.ts'
import { rowsQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow } from '#lib/datasets/schema.ts'

/** A held-out question, and the answer of its row. */
export interface HeldOut {
  question: string
  answer: string | null
}

const NONE: readonly HeldOut[] = []

/** The rows with a question, each question once. */
function heldOutIn(rows: readonly DatasetRow[]): HeldOut[] {
  const found = new Map<string, HeldOut>()
  for (const { text, review } of rows) {
    const { question, answer } = rowWords(text)
    if (question !== null && review !== 'rejected' && !found.has(question))
      found.set(question, { question, answer })
  }
  return [...found.values()]
}

/** The first held-out questions of a dataset. */
export function useHeldOutQuestions(datasetId: string | null): readonly HeldOut[] {
  const { data } = useQuery({
    ...rowsQuery(datasetId ?? '', { split: 'heldout' }),
    enabled: datasetId !== null,
  })
  return useMemo(() => (datasetId === null || !data ? NONE : heldOutIn(data.rows)), [datasetId, data])
}

/** The answer that the row with this question has; null if there is none. */
export const expectedFor = (all: readonly HeldOut[], prompt: string): string | null =>
  all.find(({ question }) => question === prompt.trim())?.answer ?? null

/** The other questions, from the one after `prompt` on; all of them if it is none of these. */
export function questionsAfter(all: readonly HeldOut[], prompt: string): string[] {
  const questions = all.map(({ question }) => question)
  const at = questions.indexOf(prompt.trim())
  return [...questions.slice(at + 1), ...questions.slice(0, Math.max(0, at))]
}
