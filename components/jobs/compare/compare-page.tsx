'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { LossChart } from '#components/charts/loss-chart.tsx'
import type { By } from '#components/charts/series.ts'
import { CopyLink } from '#components/shell/copy-link.tsx'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Note } from '#components/ui/note.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { filesOf } from '#lib/jobs/job-name.ts'
import { comparisonQuery, curvesAddress } from '#lib/jobs/queries.ts'
import type { JobComparison } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { Reconnecting } from '../reconnecting.tsx'
import { useLive } from '../use-live.ts'
import { compareAddress, idsOf } from './address.ts'
import { DataPanel } from './data-panel.tsx'
import { JobTray } from './job-tray.tsx'
import { ResultsTable, SettingsTable } from './settings-table.tsx'
import { useCompared, useCurves } from './use-compared.ts'
import { useFresh } from './use-fresh.ts'

interface BodyProps {
  comparison: JobComparison
  onRemove: (jobId: string) => void
}

function Body({ comparison: { runs: jobs, missing, settings, data }, onRemove }: BodyProps) {
  const { list } = useFormat()
  const t = useTranslations('jobList.compare')
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [by, setBy] = useState<By>('step')
  const [range, setRange] = useState<[number, number] | null>(null)
  const [smooth, setSmooth] = useState(0.6)
  const [width, setWidth] = useState(800)
  const compared = useCompared(jobs)
  const shown = useMemo(() => compared.filter(({ job }) => !hidden.has(job.id)), [compared, hidden])
  useFresh(jobs)
  const { runs, leftOut, error } = useCurves(shown, { by, range, smooth, width })
  const changeBy = (next: By) => {
    // A range of steps is not valid as a range of seconds.
    setRange(null)
    setBy(next)
  }
  const toggle = (jobId: string) =>
    setHidden((before) => {
      const after = new Set(before)
      if (!after.delete(jobId)) after.add(jobId)
      return after
    })
  const solo = (jobId: string) =>
    setHidden((before) => {
      const others = jobs.map(({ id }) => id).filter((id) => id !== jobId)
      const alone = others.every((id) => before.has(id)) && !before.has(jobId)
      return new Set(alone ? [] : others)
    })
  const label = list(jobs.map((job) => `${job.number}`))
  return (
    <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_364px]">
      <div className="grid min-w-0 gap-3 sm:gap-4">
        {missing.length > 0 && (
          <Note tone="warn">{t('missing', { count: missing.length, ids: list(missing) })}</Note>
        )}
        {error && <Failure error={error} />}
        <LossChart
          runs={runs}
          by={by}
          onBy={changeBy}
          range={range}
          onRange={setRange}
          smooth={smooth}
          onSmooth={setSmooth}
          running={jobs.some(({ status }) => isActive(status))}
          label={t('chart', { runs: label })}
          onWidth={setWidth}
          selectedStep={null}
          exportName={filesOf(jobs)}
          exportTitle={t('chart', { runs: label })}
          csvHref={curvesAddress(jobs.map(({ id }) => id))}
        />
        {leftOut > 0 && <p className="text-2 text-meta">{t('leftOut', { count: leftOut, by })}</p>}
        <ResultsTable compared={compared} />
        <SettingsTable compared={compared} settings={settings} />
      </div>
      <div className="grid min-w-0 gap-3 sm:gap-4">
        <JobTray compared={compared} hidden={hidden} onToggle={toggle} onSolo={solo} onRemove={onRemove} />
        <DataPanel compared={compared} data={data} />
      </div>
    </div>
  )
}

/** Compares jobs: their curves on one chart, the differences in settings and data, and the results. */
export function ComparePage() {
  const t = useTranslations()
  const live = useLive(null)
  const [address, write] = useQueryStates(compareAddress)
  const ids = useMemo(() => idsOf(address), [address])
  const { data, error, refetch, isFetching } = useQuery({
    ...comparisonQuery(ids),
    placeholderData: keepPreviousData,
    enabled: ids.length > 0,
  })
  const remove = (jobId: string) => void write({ runs: ids.filter((id) => id !== jobId) })
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('jobs.title'), href: '/jobs' }, { label: t('jobList.compare.title') }]}
        meta={<Reconnecting {...live} />}
      >
        {ids.length > 0 && <CopyLink />}
      </PageHeader>
      <Page>
        {ids.length === 0 ? (
          <Panel>
            <EmptyState actions={<LinkButton href="/jobs">{t('jobList.compare.toList')}</LinkButton>}>
              {t('jobList.compare.few')}
            </EmptyState>
          </Panel>
        ) : data ? (
          <Body comparison={data} onRemove={remove} />
        ) : error ? (
          <Panel>
            <Failure
              error={error}
              onRetry={() => refetch()}
              retrying={isFetching}
              actions={<LinkButton href="/jobs">{t('jobList.compare.toList')}</LinkButton>}
            />
          </Panel>
        ) : (
          <SkeletonAnswer />
        )}
      </Page>
    </>
  )
}
