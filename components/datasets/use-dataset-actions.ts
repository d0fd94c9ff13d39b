'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { changeDataset } from '#lib/datasets/queries.ts'

/** Deleting a dataset, with a way back instead of a question. */
export function useDatasetActions() {
  const t = useTranslations('datasets')
  const toast = useToast()
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: ['datasets'] })
  const remove = async ({ id, name }: { id: string; name: string }) => {
    await changeDataset(id, { deleted: true })
    await queries.invalidateQueries({ queryKey: ['datasets'], exact: true })
    toast({
      text: t('deleted', { name }),
      undo: async () => {
        await changeDataset(id, { deleted: false })
        await refresh()
      },
    })
  }
  return { remove, refresh }
}
