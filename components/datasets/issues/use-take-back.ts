import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { undoStepMutation } from '#lib/datasets/mutations.ts'
import { datasetQuery } from '#lib/datasets/queries.ts'
import type { Step } from '#lib/datasets/schema.ts'

/** Undoes a step from its toast, unless the dataset has changed since. */
export function useTakeBack(datasetId: string) {
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
      // Nothing else on the page shows this error.
      toast({ text: thrown instanceof Error ? say(thrown) : String(thrown) })
    }
  }
}
