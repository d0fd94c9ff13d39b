'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { copyRows, createDataset } from '#lib/datasets/queries.ts'

/** Maximum length of a dataset's name. */
const LONGEST = 120

/** Copies the rows of a dataset, with their split, into a new dataset, whose split is not locked, and opens it. */
export function useCopy({ id, name }: { id: string; name: string }) {
  const t = useTranslations('datasets')
  const router = useRouter()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const made = await createDataset({ name: t('copyName', { name }).slice(0, LONGEST) })
      await copyRows(made.id, { from: id })
      return made
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['datasets'] })
      router.push(`/datasets/${made.id}`)
    },
  })
}
