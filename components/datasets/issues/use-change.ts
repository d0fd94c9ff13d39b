import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'
import { applyChangeMutation, undoStepMutation } from '#lib/datasets/mutations.ts'
import { changePreviewQuery, datasetQuery } from '#lib/datasets/queries.ts'
import type { BulkChange, Step } from '#lib/datasets/schema.ts'

const isConflict = (error: unknown) => error instanceof AppError && error.code === 'conflict'

/** Undoes a step from its toast, unless the dataset has changed since. */
function useTakeBack(datasetId: string) {
  const t = useTranslations('issues.change')
  const toast = useToast()
  const queries = useQueryClient()
  const say = useErrorWords()
  const undo = useMutation({ ...undoStepMutation(datasetId), onSuccess: () => toast({ text: t('undone') }) })
  return async (step: Step) => {
    try {
      const { dataset } = await queries.fetchQuery({ ...datasetQuery(datasetId), staleTime: 0 })
      if (dataset.revision !== step.revision) return toast({ text: t('undoLate') })
      await undo.mutateAsync()
    } catch (thrown) {
      // The dialog is closed, so only a toast can show the error.
      toast({ text: thrown instanceof Error ? say(thrown) : String(thrown) })
    }
  }
}

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
