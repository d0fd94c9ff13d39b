'use client'
import { useQuery } from '@tanstack/react-query'
import { verdictQuery } from '#lib/datasets/queries.ts'
import { type Base, useBase, useBases } from '../line/use-bases.ts'

/** The model through whose eyes the rows are seen, where it cannot be trained on them; else null. */
export function useUnfit(datasetId: string): string | null {
  const { base } = useBase(useBases())
  const { data: verdict } = useQuery({
    ...verdictQuery(datasetId, { ...(base ?? NONE), split: 'train' }),
    enabled: base !== null,
  })
  if (!base || !verdict || verdict.rows === 0) return null
  // How many rows there are is a problem of the dataset.
  const errors = verdict.faults.filter(
    ({ severity, rule }) => severity === 'error' && rule !== 'too-few-rows',
  )
  return errors.length > 0 ? base.model : null
}

const NONE: Base = { providerId: 'embedded', model: '' }
