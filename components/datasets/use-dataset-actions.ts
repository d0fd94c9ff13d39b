'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { setDeletedMutation } from '#lib/storage/queries.ts'

/** Deletes a dataset, with Undo instead of a confirmation, or restores it; `error` is the last error. */
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
  return { remove, restore, error }
}
