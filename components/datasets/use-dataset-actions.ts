'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { setArchivedMutation } from '#lib/datasets/mutations.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { setDeletedMutation } from '#lib/storage/queries.ts'

/** Deletes or archives a dataset, with Undo instead of a confirmation, or restores it; `error` is the last error. */
export function useDatasetActions() {
  const t = useTranslations('datasets')
  const toast = useToast()
  const { mutate, mutateAsync, error } = useMutation(setDeletedMutation())
  const restore = ({ id }: { id: string }) => mutate({ id, deleted: false })
  /** @returns whether the dataset was deleted */
  const remove = ({ id, name }: { id: string; name: string }): Promise<boolean> =>
    mutateAsync({ id, deleted: true }).then(
      () => {
        toast({ text: t('deleted', { name }), undo: () => restore({ id }) })
        return true
      },
      () => false,
    )
  const archiving = useMutation(setArchivedMutation())
  const archive = ({ id, name, archivedAt }: Pick<DatasetSummary, 'id' | 'name' | 'archivedAt'>) => {
    const archived = archivedAt === null
    archiving.mutate(
      { id, archived },
      {
        onSuccess: () =>
          toast({
            text: t(archived ? 'archived' : 'unarchived', { name }),
            undo: () => archiving.mutate({ id, archived: !archived }),
          }),
      },
    )
  }
  return { remove, restore, archive, error: error ?? archiving.error }
}
