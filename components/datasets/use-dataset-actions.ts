'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { changeDataset } from '#lib/datasets/queries.ts'
import { deletedQuery } from '#lib/storage/queries.ts'

/** Deletes a dataset, with Undo instead of a confirmation, or restores it; `error` is the last error. */
export function useDatasetActions() {
  const t = useTranslations('datasets')
  const toast = useToast()
  const queries = useQueryClient()
  const refreshDeleted = () => queries.invalidateQueries({ queryKey: deletedQuery().queryKey })
  const refresh = async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: ['datasets'] }), refreshDeleted()])
  }
  const { mutateAsync, error } = useMutation({
    mutationFn: ({ id, deleted }: { id: string; deleted: boolean }) => changeDataset(id, { deleted }),
  })
  /** @returns whether the change succeeded */
  const change = (id: string, deleted: boolean): Promise<boolean> =>
    mutateAsync({ id, deleted }).then(
      () => true,
      () => false,
    )
  const restore = async ({ id }: { id: string }) => {
    if (await change(id, false)) await refresh()
  }
  /** @returns whether the dataset was deleted */
  const remove = async ({ id, name }: { id: string; name: string }): Promise<boolean> => {
    const done = await change(id, true)
    await queries.invalidateQueries({ queryKey: ['datasets'], exact: true })
    void refreshDeleted()
    if (done) toast({ text: t('deleted', { name }), undo: () => void restore({ id }) })
    return done
  }
  return { remove, restore, refresh, error }
}
