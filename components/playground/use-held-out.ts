'use client'
import { useQuery } from '@tanstack/react-query'
import { rowsQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow } from '#lib/datasets/schema.ts'
import { asksFor } from './rows.ts'

/** Characters of a question that are searched for; what is found is then compared whole. */
const SEARCHED = 150

/** A search meets the row as its JSON says it. */
const asJson = (text: string): string => JSON.stringify(text.slice(0, SEARCHED)).slice(1, -1)

/** The held-out row of a dataset that asks this question; null where there is none, undefined until that is known. */
export function useHeldOutRow(datasetId: string | null, prompt: string): DatasetRow | null | undefined {
  const asked = prompt.trim()
  const { data, isError } = useQuery({
    ...rowsQuery(datasetId ?? '', { split: 'heldout', q: asJson(asked) }),
    enabled: datasetId !== null && asked !== '',
  })
  // A search that fails must not keep an answer from being saved.
  if (datasetId === null || asked === '' || isError) return null
  return data && (data.rows.find(({ text }) => text !== null && asksFor(text, asked)) ?? null)
}
