'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useLive } from '#components/jobs/use-live.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { FromZip } from './from-zip.tsx'
import { MissingPanel } from './missing-panel.tsx'
import { RescuePanel } from './rescue-panel.tsx'

function NoProvider() {
  const t = useTranslations('rescue')
  return (
    <Panel aria-label={t('none')}>
      <EmptyState
        actions={
          <LinkButton href="/providers" variant="primary">
            {t('toProviders')}
          </LinkButton>
        }
      >
        {t('noneMeaning')}
      </EmptyState>
    </Panel>
  )
}

/** Before it is known which accounts there are. */
const Asked = () => (
  <Panel>
    <div aria-hidden="true" className="grid gap-4 px-4 py-5">
      <Skeleton className="w-40" />
      <Skeleton className="w-3/5" />
    </div>
  </Panel>
)

/** What the copy is good for. */
function Afterwards() {
  const t = useTranslations('rescue.after')
  return (
    <Panel aria-labelledby="rescue-after">
      <PanelHead id="rescue-after" title={t('title')} />
      <PanelBody>
        <ul className="grid max-w-[72ch] list-disc gap-1.5 ps-5 text-2">
          <li>
            {t('jobs')} <TextLink href="/jobs">{t('openJobs')}</TextLink>
          </li>
          <li>{t('data')}</li>
          <li>{t('zip')}</li>
          <li>
            {t('record')} <TextLink href="/evals/record">{t('openRecord')}</TextLink>
          </li>
        </ul>
      </PanelBody>
    </Panel>
  )
}

/** Copies the history of each account here, and says how complete that is. */
export function RescuePage() {
  const t = useTranslations('rescue')
  const providers = useTranslations('providers')
  const { data, error, refetch } = useQuery(rescuesQuery())
  const rescues = data ?? []
  useLive(null)
  return (
    <>
      <PageHeader crumbs={[{ label: providers('title'), href: '/providers' }, { label: t('title') }]} />
      <Page>
        <p className="max-w-[80ch] text-2">
          {t('meaning')} {t('why')}
        </p>
        {error && <Failure error={error} onRetry={() => refetch()} />}
        {!(data || error) && <Asked />}
        {data?.length === 0 && <NoProvider />}
        {rescues.map((rescue) => (
          <RescuePanel key={rescue.providerId} rescue={rescue} />
        ))}
        {rescues.map((rescue) => (
          <MissingPanel key={rescue.providerId} rescue={rescue} />
        ))}
        {rescues.length > 0 && <Afterwards />}
        {data && <FromZip />}
      </Page>
    </>
  )
}
