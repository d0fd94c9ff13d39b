'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { changeDataset } from '#lib/datasets/queries.ts'
import { deletedQuery } from '#lib/storage/queries.ts'

/** Deleting a dataset, with a way back instead of a question; `fault` is what went wrong with either. */
export function useDatasetActions() {
  const t = useTranslations('datasets')
  const toast = useToast()
  const queries = useQueryClient()
  const [fault, setFault] = useState<unknown>(null)
  const refreshDeleted = () => queries.invalidateQueries({ queryKey: deletedQuery().queryKey })
  const refresh = async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: ['datasets'] }), refreshDeleted()])
  }
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setFault(null)
    try {
      await work()
      return true
    } catch (thrown) {
      setFault(thrown)
      return false
    }
  }
  const restore = async (id: string) => {
    await changeDataset(id, { deleted: false })
    await refresh()
  }
  /** Resolves to whether it was deleted. */
  const remove = async ({ id, name }: { id: string; name: string }): Promise<boolean> => {
    const done = await attempt(() => changeDataset(id, { deleted: true }))
    await queries.invalidateQueries({ queryKey: ['datasets'], exact: true })
    void refreshDeleted()
    if (done) toast({ text: t('deleted', { name }), undo: () => void attempt(() => restore(id)) })
    return done
  }
  return { remove, restore: ({ id }: { id: string }) => attempt(() => restore(id)), refresh, fault }
}
