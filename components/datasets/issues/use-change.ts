import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { AppError } from '#lib/core/errors.ts'
import { applyChangeMutation } from '#lib/datasets/mutations.ts'
import { changePreviewQuery } from '#lib/datasets/queries.ts'
import type { BulkChange, Step } from '#lib/datasets/schema.ts'
import { useTakeBack } from './use-take-back.ts'

const isConflict = (error: unknown) => error instanceof AppError && error.code === 'conflict'

export interface ChangeRequest {
  datasetId: string
  /** Revision of the dataset on the page. */
  revision: number
  change: BulkChange
}

/** Previews and applies a change; it applies only to the revision that was previewed. */
export function useChange({ datasetId, revision, change }: ChangeRequest, onDone: (step: Step) => void) {
  const t = useTranslations('issues.change')
  const toast = useToast()
  const takeBack = useTakeBack(datasetId)
  const preview = useQuery(changePreviewQuery(datasetId, revision, change))
  const { mutate, isPending, error } = useMutation({
    ...applyChangeMutation(datasetId),
    onSuccess: (step) => {
      toast({ text: t(`done.${change.kind}`, { count: step.rows }), undo: () => void takeBack(step) })
      onDone(step)
    },
    onError: (thrown) => (isConflict(thrown) ? preview.refetch() : undefined),
  })
  const apply = () => {
    if (preview.data) mutate({ revision: preview.data.revision, change })
  }
  return { preview, apply, busy: isPending, error, conflict: isConflict(error) }
}
