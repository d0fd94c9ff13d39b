'use client'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { reportAddress } from '#lib/evals/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useModelActions } from './use-model-actions.tsx'

interface UseMenuProps {
  job: JobDetail
  /** Base URL of `/v1`. */
  baseURL: string
}

/** What can be done with the model that a job ended with, and the report on it. */
export function UseMenu({ job, baseURL }: UseMenuProps) {
  const t = useTranslations('finish')
  const { itemsOf, dialog } = useModelActions(job, baseURL)
  if (job.fineTunedModel === null) return null
  return (
    <>
      <Menu
        label={t('use')}
        trigger={
          <Button>
            {t('use')}
            <ChevronDown size={14} aria-hidden />
          </Button>
        }
        items={[...itemsOf(job.fineTunedModel), null, { label: t('report'), href: reportAddress(job.id) }]}
      />
      {dialog}
    </>
  )
}
