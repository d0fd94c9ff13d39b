'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { usageQuery } from '#lib/storage/queries.ts'

function Sizes() {
  const { bytes } = useFormat()
  const t = useTranslations('settings.usage')
  const { data, error, refetch } = useQuery(usageQuery())
  if (error) return <Failure error={error} onRetry={() => refetch()} />
  if (!data) return <SkeletonAnswer />
  return (
    <Facts>
      {data.parts.map(({ name, bytes: size }) => (
        <Fact key={name} label={t(`parts.${name}`)}>
          {bytes(size)}
        </Fact>
      ))}
      <Fact label={t('total')}>
        <b className="font-semibold">{bytes(data.total)}</b>
      </Fact>
      {data.free !== null && <Fact label={t('free')}>{bytes(data.free)}</Fact>}
    </Facts>
  )
}

/** The data folder, and what it takes of the disk. */
export function UsagePanel({ folder }: { folder: string }) {
  const t = useTranslations('settings.usage')
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} />
      <div className="flex items-center gap-2 border-b px-4 py-2">
        <bdi dir="ltr" className="min-w-0 flex-1 font-mono text-meta [overflow-wrap:anywhere]">
          {folder}
        </bdi>
        <CopyButton text={folder} label={t('copy')} />
      </div>
      <Sizes />
    </Panel>
  )
}
