'use client'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import {
  changeDataset,
  copyRows,
  createDataset,
  datasetQuery,
  datasetsQuery,
  type Imported,
} from '#lib/datasets/queries.ts'
import { type CopyDraft, DatasetName, type DatasetSummary, type Split } from '#lib/datasets/schema.ts'

type Side = Split | 'same'

/** Rows from another dataset: which dataset, and which split. */
export interface Copy {
  others: DatasetSummary[] | undefined
  from: DatasetSummary | null
  setFrom: (id: string) => void
  side: Side
  setSide: (side: Side) => void
  /** null if the rows are added to an existing dataset. */
  name: string | null
  setName: (name: string) => void
  reason: string | null
  run: () => Promise<Imported>
}

async function copyInto(queries: QueryClient, id: string, { from, split }: CopyDraft): Promise<Imported> {
  const { rows } = await copyRows(id, { from, split })
  const { dataset } = await queries.fetchQuery({ ...datasetQuery(id), staleTime: 0 })
  const none = { blank: 0, refused: [], refusedCount: 0, doubted: [], doubtedCount: 0, left: [], notes: {} }
  return { type: 'done', dataset, added: rows, complete: true, ...none }
}

/** Copies into a new dataset; if the copy fails, the empty dataset is deleted. */
async function copyAsNew(queries: QueryClient, name: string, draft: CopyDraft): Promise<Imported> {
  const { id } = await createDataset({ name })
  try {
    return await copyInto(queries, id, draft)
  } catch (thrown) {
    await changeDataset(id, { deleted: true })
    throw thrown
  }
}

export function useCopy(into: string | null, active: boolean): Copy {
  const t = useTranslations('imports')
  const queries = useQueryClient()
  const { data } = useQuery({ ...datasetsQuery(), enabled: active })
  const [fromId, setFrom] = useState<string | null>(null)
  const [side, setSide] = useState<Side>('same')
  const [typed, setName] = useState<string | null>(null)
  const others = data?.filter(({ id, state, busy }) => id !== into && state !== 'empty' && !busy)
  const from = others?.find(({ id }) => id === fromId) ?? null
  const name =
    into === null ? (typed ?? (from ? t('copy.name', { name: from.name }).slice(0, 120) : '')) : null
  const named = name === null || DatasetName.safeParse(name).success
  const run = () => {
    const draft = { from: from?.id ?? '', split: side === 'same' ? undefined : side }
    return into === null ? copyAsNew(queries, name ?? '', draft) : copyInto(queries, into, draft)
  }
  const reason = from === null ? t('copy.reason') : named ? null : t('reason.name')
  return { others, from, setFrom, side, setSide, name, setName, reason, run }
}
