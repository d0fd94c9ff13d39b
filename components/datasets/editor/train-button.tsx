'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

/** The way to a job, or why there is none yet. */
export function TrainButton({ dataset: { id, state }, errors }: { dataset: DatasetSummary; errors: number }) {
  const t = useTranslations('datasets')
  if (state !== 'empty' && errors === 0) {
    return (
      <LinkButton variant="primary" href={`/jobs/new?dataset=${id}`}>
        {t('train')}
      </LinkButton>
    )
  }
  return (
    <Button disabled reason={state === 'empty' ? t('trainEmpty') : t('trainBlocked', { count: errors })}>
      {t('train')}
    </Button>
  )
}
