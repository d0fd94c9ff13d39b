'use client'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '#components/ui/use-format.ts'
import { useSettled } from '#components/ui/use-settled.ts'
import { AppError } from '#lib/core/errors.ts'
import { previewFile } from '#lib/datasets/queries.ts'
import { DatasetName, type ImportPreview, type Split } from '#lib/datasets/schema.ts'
import type { Encoding } from '#lib/training-data/formats/encoding.ts'
import { type ImportPlan, keepsBytes } from '#lib/training-data/formats/plan.ts'
import { faultOf } from './file-verdict.ts'
import { fitted, undecided } from './mapping.ts'

/** The split for the rows; `share`: a share is held out after the import. */
type ImportSplit = Split | 'share'

/** A file in review before its import, and the user's choices for it. */
export interface Review {
  file: File
  /** null until the beginning of the file has been read. */
  plan: ImportPlan | null
  setPlan: (plan: ImportPlan) => void
  /** Another encoding gives another text, so choices about the previous one are dropped. */
  setEncoding: (encoding: Encoding) => void
  preview: ImportPreview | undefined
  /** The rows shown belong to a previous plan. */
  stale: boolean
  error: unknown
  name: string
  setName: (name: string) => void
  split: ImportSplit
  setSplit: (split: ImportSplit) => void
  /** Why the file cannot be imported yet. */
  reason: string | null
  /** The same, if the user must decide something that no field on the page shows. */
  ask: string | null
}

const nameOf = (file: File): string =>
  file.name
    .replace(/\.gz$/i, '')
    .replace(/\.(jsonl|ndjson|json|txt|csv|tsv)$/i, '')
    .slice(0, 120)

const keyOf = (file: File | null) => [file?.name, file?.size, file?.lastModified]
const isOf = (file: File | null, [, ...key]: readonly unknown[]): boolean =>
  keyOf(file).every((part, index) => part === key[index])

function usePreview(file: File | null, plan: ImportPlan | null, encoding: Encoding | null) {
  const { bytes } = useFormat()
  const t = useTranslations('imports.fault')
  return useQuery(
    queryOptions({
      queryKey: ['import-preview', ...keyOf(file), plan, encoding],
      queryFn: async () => {
        if (!file) return null
        const fault = await faultOf(file)
        if (fault) throw new AppError('invalid', { message: t(fault, { size: bytes(file.size) }) })
        return previewFile(file, { plan: plan ?? undefined, encoding: encoding ?? undefined })
      },
      enabled: file !== null,
      placeholderData: (previous, query) => (query && isOf(file, query.queryKey) ? previous : undefined),
      staleTime: 60_000,
      gcTime: 60_000,
    }),
  )
}

interface Known {
  preview: ImportPreview | undefined
  plan: ImportPlan | null
  stale: boolean
  named: boolean
}

function reasonOf({ preview, plan, stale, named }: Known) {
  if (!preview || !plan) return 'reading'
  if (preview.encoding?.certain === false) return 'encoding'
  const open = undecided(plan, preview.left)
  if (open) return open
  if (stale) return 'reading'
  const none = preview.rows.every(({ after }) => after === null)
  if (none && !keepsBytes(plan)) return 'none'
  return named ? null : 'name'
}

/** Reasons that resolve by themselves, or are shown at their field. */
const UNASKED: ReadonlySet<string> = new Set(['reading', 'same'])

/** @param into the dataset that gets the rows; null: a new one, which needs a name */
export function useReview(file: File | null, into: { isEmpty: boolean } | null): Review | null {
  const t = useTranslations('imports.reason')
  const [reviewed, setReviewed] = useState(file)
  const [chosen, setChosen] = useState<ImportPlan | null>(null)
  const [encoding, setEncoding] = useState<Encoding | null>(null)
  const [name, setName] = useState(file ? nameOf(file) : '')
  const [split, setSplit] = useState<ImportSplit>(into?.isEmpty === false ? 'train' : 'share')
  if (file !== reviewed) {
    setReviewed(file)
    setChosen(null)
    setEncoding(null)
    setName(file ? nameOf(file) : '')
  }
  const asked = useSettled(chosen)
  const { data, error, isPlaceholderData } = usePreview(file, chosen === null ? null : asked, encoding)
  const preview = data ?? undefined
  const known = preview && chosen && !isPlaceholderData ? fitted(chosen, preview.columns) : chosen
  // Another delimiter gives other columns: adapt the plan.
  if (known !== chosen) setChosen(known)
  if (!file) return null
  const plan = chosen ?? preview?.plan ?? null
  const stale = isPlaceholderData || (chosen !== null && asked !== chosen)
  const named = into !== null || DatasetName.safeParse(name).success
  const reason = reasonOf({ preview, plan, stale, named })
  return {
    file,
    plan,
    setPlan: setChosen,
    setEncoding: (next) => {
      setChosen(null)
      setEncoding(next)
    },
    preview,
    stale,
    error,
    name,
    setName,
    split,
    setSplit,
    reason: reason && t(reason),
    ask: reason && !UNASKED.has(reason) ? t(reason) : null,
  }
}
