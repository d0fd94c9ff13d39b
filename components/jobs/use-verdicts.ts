'use client'
import { useQuery } from '@tanstack/react-query'
import { verdictQuery } from '#lib/datasets/queries.ts'
import type { DataChoice, JobDraft } from '#lib/jobs/schema.ts'
import { versionIn } from '#lib/jobs/version-in.ts'
import type { Verdict } from '#lib/training-data/schema.ts'

/** How well the rows of a draft fit its model; null until known. */
export interface Verdicts {
  training: Verdict | null
  validation: Verdict | null
}

function useVerdict(choice: DataChoice | null, draft: JobDraft): Verdict | null {
  const { providerId, model } = draft
  const { datasetId = '', split = 'train' } = choice ?? {}
  const version = (choice && versionIn(draft, choice)) ?? undefined
  const { data = null } = useQuery({
    ...verdictQuery(datasetId, { providerId, model, split, version }),
    enabled: datasetId !== '' && model !== '',
  })
  return data
}

export const useVerdicts = (draft: JobDraft): Verdicts => ({
  training: useVerdict(draft.training, draft),
  validation: useVerdict(draft.validation, draft),
})
