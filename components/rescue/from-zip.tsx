'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { FileDrop } from '#components/ui/file-drop.tsx'
import { importRescueMutation } from '#lib/rescue/queries.ts'

/** Takes what another installation has exported. */
export function FromZip() {
  const t = useTranslations('rescue.fromZip')
  const { mutate, isPending, isSuccess, error } = useMutation(importRescueMutation())
  return (
    <section aria-labelledby="rescue-zip" className="grid gap-2">
      <FileDrop
        onFile={(file) => mutate(file)}
        accept=".zip,application/zip"
        disabled={isPending}
        className="grid gap-2"
      >
        <h2 id="rescue-zip" className="text-section">
          {t('title')}
        </h2>
        <p className="max-w-[72ch] text-2">{t('meaning')}</p>
      </FileDrop>
      <p role="status" className="text-3 text-meta">
        {isPending ? t('reading') : isSuccess && t('done')}
      </p>
      {error && <Failure error={error} />}
    </section>
  )
}
