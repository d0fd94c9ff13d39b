'use client'
import { useQuery } from '@tanstack/react-query'
import { verdictQuery } from '#lib/datasets/queries.ts'
import { type Base, useBase, useBases } from '../line/use-bases.ts'

/** The selected model, if it cannot be trained on the rows; else null. */
export function useUnfit(datasetId: string): string | null {
  const { base } = useBase(useBases())
  const { data: verdict } = useQuery({
    ...verdictQuery(datasetId, { ...(base ?? NONE), split: 'train' }),
    enabled: base !== null,
  })
  if (!base || !verdict || verdict.rows === 0) return null
  // The number of rows is an issue of the dataset, not of the model.
  const errors = verdict.groups.filter(
    ({ severity, rule }) => severity === 'error' && rule !== 'too-few-rows',
  )
  return errors.length > 0 ? base.model : null
}

const NONE: Base = { providerId: 'embedded', model: '' }
