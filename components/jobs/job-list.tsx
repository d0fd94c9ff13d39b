'use client'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { useStable } from '#components/ui/use-stable.ts'
import { JobCards } from './job-cards.tsx'
import { JobTable } from './job-table.tsx'
import { isNarrowed, NO_FILTER, sortedBy } from './list-address.ts'
import { ListFoot } from './list-foot.tsx'
import { ListTools } from './list-tools.tsx'
import { ListTray } from './list-tray.tsx'
import { Reconnecting } from './reconnecting.tsx'
import { useChoice } from './use-choice.ts'
import { useList } from './use-list.ts'
import { useLive } from './use-live.ts'
import { WaitingPanel } from './waiting-panel.tsx'

function NoRuns() {
  const t = useTranslations('jobs')
  return (
    <Panel>
      <EmptyState actions={<LinkButton href="/datasets">{t('toDatasets')}</LinkButton>}>
        {t('empty')}
      </EmptyState>
    </Panel>
  )
}

function Runs() {
  const t = useTranslations()
  const { view, change, list, page, isOld, jobs, unseen } = useList()
  const choice = useChoice()
  const onChange = useStable(change)
  if (list.error && !page) {
    return (
      <Panel>
        <Failure
          title={t('jobs.loadFailed')}
          error={list.error}
          onRetry={() => list.refetch()}
          retrying={list.isFetching}
        />
      </Panel>
    )
  }
  if (page?.all === 0 && unseen === 0) return <NoRuns />
  return (
    <>
      <ListTools view={view} page={page} onChange={onChange} />
      {unseen > 0 && (
        <div role="status">
          <Button size="sm" onClick={() => list.refetch()}>
            {t('jobList.unseen', { count: unseen })}
          </Button>
        </div>
      )}
      {jobs?.length === 0 ? (
        <Panel>
          {isNarrowed(view) ? (
            <EmptyState actions={<Button onClick={() => change(NO_FILTER)}>{t('jobList.clear')}</Button>}>
              {t('jobList.noMatch')}
            </EmptyState>
          ) : (
            <EmptyState
              actions={
                <Button onClick={() => change({ archived: true })}>{t('jobList.showArchived')}</Button>
              }
            >
              {t('jobList.allArchived')}
            </EmptyState>
          )}
        </Panel>
      ) : (
        <div aria-busy={isOld} className="transition-opacity aria-busy:opacity-60">
          <div className="hidden sm:block">
            <JobTable
              jobs={jobs}
              choice={choice}
              view={view}
              onSort={(sort) => change(sortedBy(sort))}
              onDeleted={choice.forget}
            />
          </div>
          <div className="sm:hidden">
            <JobCards jobs={jobs} />
          </div>
        </div>
      )}
      {page && <ListFoot page={page} onPage={(to) => change({ page: to })} />}
      <ListTray choice={choice} jobs={jobs} />
    </>
  )
}

/** All jobs, paginated; the event stream keeps them fresh. */
export function JobList() {
  const t = useTranslations('jobs')
  const live = useLive(null)
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]} help="lesson" meta={<Reconnecting {...live} />}>
        <LinkButton variant="primary" icon={<Plus size={16} aria-hidden />} href="/jobs/new">
          {t('new')}
        </LinkButton>
      </PageHeader>
      <Page>
        <WaitingPanel />
        <Runs />
      </Page>
    </>
  )
}
