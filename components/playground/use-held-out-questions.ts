import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { rowWords } from '#components/datasets/row-words.ts'
import { rowsQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow } from '#lib/datasets/schema.ts'

const NONE: readonly string[] = []

/** The different questions of rows, in their order. */
const questionsIn = (rows: readonly DatasetRow[]): string[] => [
  ...new Set(
    rows.flatMap(({ text, review }) => (review === 'rejected' ? [] : (rowWords(text).question ?? []))),
  ),
]

/** The first held-out questions of a dataset. */
export function useHeldOutQuestions(datasetId: string | null): readonly string[] {
  const { data } = useQuery({
    ...rowsQuery(datasetId ?? '', { split: 'heldout' }),
    enabled: datasetId !== null,
  })
  return useMemo(() => (datasetId === null || !data ? NONE : questionsIn(data.rows)), [datasetId, data])
}

/** The other questions, from the one after `prompt` on; all of them if it is none of these. */
export function questionsAfter(questions: readonly string[], prompt: string): string[] {
  const at = questions.indexOf(prompt.trim())
  return [...questions.slice(at + 1), ...questions.slice(0, Math.max(0, at))]
}
