'use client'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { ImportProgress } from '#components/datasets/import-progress.tsx'
import { useImport } from '#components/datasets/use-import.ts'
import { FileDrop } from '#components/ui/file-drop.tsx'

/** A file becomes a dataset of its own, and its page opens. */
export function BringCard() {
  const t = useTranslations('home.bring')
  const router = useRouter()
  const { state, start } = useImport(({ id }) => router.push(`/datasets/${id}`))
  return (
    <FileDrop
      onFile={start}
      accept=".jsonl,.ndjson,.json,.txt,application/jsonl"
      className="flex flex-col gap-3 [&>:last-child]:mt-auto [&>:last-child]:pt-2"
    >
      <h2 className="text-section">{t('title')}</h2>
      <p className="text-2">{t('sentence')}</p>
      {state && <ImportProgress state={state} />}
    </FileDrop>
  )
}
