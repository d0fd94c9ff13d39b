'use client'
import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { jobsQuery } from '#lib/jobs/queries.ts'
import { JobCards } from './job-cards.tsx'
import { JobTable } from './job-table.tsx'
import { mergeJobs } from './live-cache.ts'
import { Reconnecting } from './reconnecting.tsx'
import { useLive } from './use-live.ts'
import { useOlderJobs } from './use-older.ts'

/** All runs, kept fresh by the event stream. */
export function JobList() {
  const t = useTranslations('jobs')
  // The stream begins with everything as it stands: asking again could only bring something older.
  const list = useQuery({ ...jobsQuery(), staleTime: Number.POSITIVE_INFINITY })
  const live = useLive(null)
  const { older, more, loading, load } = useOlderJobs(list.data ?? [])
  const jobs = list.data && mergeJobs(older, list.data)
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]} meta={<Reconnecting {...live} />}>
        <LinkButton variant="primary" icon={<Plus size={16} aria-hidden />} href="/jobs/new">
          {t('new')}
        </LinkButton>
      </PageHeader>
      <Page>
        {list.error && !jobs ? (
          <Panel>
            <Failure
              title={t('loadFailed')}
              error={list.error}
              onRetry={() => list.refetch()}
              retrying={list.isFetching}
            />
          </Panel>
        ) : jobs?.length === 0 ? (
          <Panel>
            <EmptyState
              actions={
                <>
                  <LinkButton href="/jobs/new">{t('new')}</LinkButton>
                  <LinkButton href="/datasets">{t('toDatasets')}</LinkButton>
                </>
              }
            >
              {t('empty')}
            </EmptyState>
          </Panel>
        ) : (
          <>
            <div className="hidden sm:block">
              <JobTable jobs={jobs} />
            </div>
            <div className="sm:hidden">
              <JobCards jobs={jobs} />
            </div>
          </>
        )}
        {more && (
          <div>
            <Button busy={loading} onClick={load}>
              {t('older')}
            </Button>
          </div>
        )}
      </Page>
    </>
  )
}
