import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'
import { organiseJobsMutation } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** Archives jobs, or brings them back, at once; a toast offers to undo it, or says why it failed. */
export function useArchive(): (jobs: readonly Job[], archived: boolean) => void {
  const t = useTranslations('jobList.organise')
  const toast = useToast()
  const unknown = useTranslations('errors')('unknown')
  const say = useErrorWords()
  const onError = (error: Error) => toast({ text: error instanceof AppError ? say(error) : unknown })
  const { mutate: undo } = useMutation({ ...organiseJobsMutation(), onError })
  const { mutate } = useMutation({
    ...organiseJobsMutation(),
    onError,
    // Not given to `mutate`: the jobs leave the list, and what showed their menu is gone by then.
    onSuccess: (_jobs, { ids, archived }) =>
      toast({
        text: t(archived ? 'archived' : 'unarchived', { count: ids.length }),
        undo: () => undo({ ids, archived: !archived }),
      }),
  })
  return (jobs, archived) => mutate({ ids: jobs.map(({ id }) => id), archived })
}
