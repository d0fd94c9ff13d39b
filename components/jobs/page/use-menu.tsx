'use client'
import { useQuery } from '@tanstack/react-query'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { CodeDialog } from '#components/models/code-dialog.tsx'
import { ExportDialog } from '#components/models/export-dialog.tsx'
import { PointDialog } from '#components/models/point-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { cardAddress } from '#lib/evals/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { nameAtGateway } from '#lib/models/chat-code.ts'
import { studioModelsQuery } from '#lib/models/queries.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'

type Shown = 'alias' | 'code' | 'export'

interface UseMenuProps {
  job: JobDetail
  /** Base URL of `/v1`. */
  baseURL: string
}

/** What can be done with a job's model: a name for programs, code that calls it, its files, and the report. */
export function UseMenu({ job, baseURL }: UseMenuProps) {
  const t = useTranslations('finish')
  const [shown, setShown] = useState<Shown | null>(null)
  const { data } = useQuery({ ...studioModelsQuery(), enabled: shown !== null })
  if (job.fineTunedModel === null) return null
  const model = { providerId: job.providerId, model: job.fineTunedModel }
  const lineage = data?.models.find(({ id }) => id === model.model)?.lineage ?? null
  const close = () => setShown(null)
  const { exportModels } = capabilitiesOf(job.providerId)
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
        items={[
          { label: t('alias'), onSelect: () => setShown('alias') },
          { label: t('code'), onSelect: () => setShown('code') },
          ...(exportModels ? [{ label: t('export'), onSelect: () => setShown('export') }] : []),
          null,
          { label: t('report'), href: cardAddress(job.id), download: true },
        ]}
      />
      {shown === 'alias' && data && (
        <PointDialog start={{ name: null, ref: model }} models={data.models} onClose={close} />
      )}
      {shown === 'code' && data && (
        <CodeDialog baseURL={baseURL} asked={{ name: nameAtGateway(model), lineage }} onClose={close} />
      )}
      {shown === 'export' && <ExportDialog model={model} onClose={close} />}
    </>
  )
}
