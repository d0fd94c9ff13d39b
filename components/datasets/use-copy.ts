'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { copyDatasetMutation } from '#lib/datasets/mutations.ts'

/** Maximum length of a dataset's name. */
const LONGEST = 120

/** Copies the rows of a dataset, with their split, into a new dataset, whose split is not locked, and opens it. */
export function useCopy({ id, name }: { id: string; name: string }) {
  const t = useTranslations('datasets')
  const router = useRouter()
  return useMutation({
    ...copyDatasetMutation({ from: id, name: t('copyName', { name }).slice(0, LONGEST) }),
    onSuccess: (made) => router.push(`/datasets/${made.id}`),
  })
}
