'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { applyChangeMutation } from '#lib/datasets/mutations.ts'
import { datasetQuery } from '#lib/datasets/queries.ts'
import type { BulkChange } from '#lib/datasets/schema.ts'
import { useTakeBack } from '../issues/use-take-back.ts'

/** A change of the selected rows that needs no review: Undo takes it back. */
type ChosenChange = Extract<BulkChange, { kind: 'split' | 'delete' | 'mark' }>

/** Applies a change to the selected rows, with Undo. */
export function useChosenChange(datasetId: string, onDone: (change: ChosenChange) => void) {
  const t = useTranslations('issues.change.done')
  const toast = useToast()
  const queries = useQueryClient()
  const takeBack = useTakeBack(datasetId)
  const apply = useMutation(applyChangeMutation(datasetId))
  return useMutation({
    mutationFn: async (change: ChosenChange) => {
      // Rows are named by their ids, so a change of other rows in between does not matter.
      const { dataset } = await queries.fetchQuery({ ...datasetQuery(datasetId), staleTime: 0 })
      return apply.mutateAsync({ revision: dataset.revision, change })
    },
    onSuccess: (step, change) => {
      const undo = step.rows > 0 ? () => void takeBack(step) : undefined
      toast({ text: t(change.kind, { count: step.rows }), undo })
      onDone(change)
    },
  })
}
