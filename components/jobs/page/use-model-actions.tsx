'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { CodeDialog } from '#components/models/code-dialog.tsx'
import { DeploymentDialog } from '#components/models/deployment-dialog.tsx'
import { ExportDialog } from '#components/models/export-dialog.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import type { MenuProps } from '#components/ui/menu.tsx'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { nameAtGateway } from '#lib/models/chat-code.ts'
import { studioModelsQuery } from '#lib/models/queries.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { deployingKind } from '#lib/providers/deploying.ts'

const PointDialog = lazily(() =>
  import('#components/models/point-dialog.tsx').then((module) => module.PointDialog),
)

type Shown = { what: 'alias' | 'code' | 'export' | 'deploy'; model: string }

interface ModelActions {
  /** Entries of a model's menu. */
  itemsOf: (model: string) => MenuProps['items']
  /** The dialog that an entry has opened. */
  dialog: ReactNode
}

/**
 * What can be done with the models of a job: a name for programs, code that calls them, their files.
 * @param baseURL of `/v1`
 */
export function useModelActions({ providerId }: JobDetail, baseURL: string): ModelActions {
  const t = useTranslations('finish')
  const [shown, setShown] = useState<Shown | null>(null)
  const { data } = useQuery({ ...studioModelsQuery(), enabled: shown !== null })
  const close = () => setShown(null)
  const itemsOf = (model: string): MenuProps['items'] => [
    { label: t('alias'), onSelect: () => setShown({ what: 'alias', model }) },
    { label: t('code'), onSelect: () => setShown({ what: 'code', model }) },
    ...(deployingKind(providerId)
      ? [{ label: t('deploy'), onSelect: () => setShown({ what: 'deploy', model }) }]
      : []),
    ...(capabilitiesOf(providerId).exportModels
      ? [{ label: t('export'), onSelect: () => setShown({ what: 'export', model }) }]
      : []),
  ]
  if (!shown) return { itemsOf, dialog: null }
  const ref = { providerId, model: shown.model }
  const lineage = data?.models.find(({ id }) => id === ref.model)?.lineage ?? null
  const dialog = (
    <>
      {shown.what === 'alias' && data && (
        <PointDialog start={{ name: null, ref }} models={data.models} onClose={close} />
      )}
      {shown.what === 'code' && data && (
        <CodeDialog baseURL={baseURL} asked={{ name: nameAtGateway(ref), lineage }} onClose={close} />
      )}
      {shown.what === 'deploy' && (
        <DeploymentDialog model={{ providerId, id: shown.model }} onClose={close} />
      )}
      {shown.what === 'export' && <ExportDialog model={ref} onClose={close} />}
    </>
  )
  return { itemsOf, dialog }
}
