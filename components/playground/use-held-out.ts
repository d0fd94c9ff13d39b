'use client'
import { useQuery } from '@tanstack/react-query'
import { rowsQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow } from '#lib/datasets/schema.ts'
import { asksFor } from './rows.ts'

/** Maximum number of characters sent to the search; results are then compared in full. */
const SEARCHED = 150

/** The search runs on the row's JSON text: escape the question accordingly. */
const asJson = (text: string): string => JSON.stringify(text.slice(0, SEARCHED)).slice(1, -1)

/** The held-out row with this question; null if there is none, undefined until known. */
export function useHeldOutRow(datasetId: string | null, prompt: string): DatasetRow | null | undefined {
  const asked = prompt.trim()
  const { data, isError } = useQuery({
    ...rowsQuery(datasetId ?? '', { split: 'heldout', q: asJson(asked) }),
    enabled: datasetId !== null && asked !== '',
  })
  // If the search fails, the user can still save the answer.
  if (datasetId === null || asked === '' || isError) return null
  const isAsked = ({ text, review }: DatasetRow) =>
    text !== null && review !== 'rejected' && asksFor(text, asked)
  return data && (data.rows.find(isAsked) ?? null)
}
