'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { LossChart } from '#components/charts/loss-chart.tsx'
import { Page } from '#components/shell/page.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { jobQuery } from '#lib/jobs/queries.ts'
import { isActive, isTerminal, type JobDetail } from '#lib/jobs/schema.ts'
import { stepsPerEpoch } from '../diagnosis.ts'
import { useStatusWord } from '../job-state.tsx'
import { type Live, useLive } from '../use-live.ts'
import { checkpointAddress, rowsOf } from './checkpoint-rows.ts'
import { CheckpointsPanel } from './checkpoints-panel.tsx'
import { ConfigurationPanel } from './configuration-panel.tsx'
import { DiagnosisNote } from './diagnosis-note.tsx'
import { EventsPanel } from './events-panel.tsx'
import { JobHeader } from './job-header.tsx'
import { StatusRail } from './status-rail.tsx'
import { useDiagnosis } from './use-diagnosis.ts'

/** Why there is no curve to wait for; null where there is one or may be. */
function whyNoCurve({ status, states, points }: JobDetail): 'nothingKnown' | 'noSteps' | null {
  if (points.length > 0 || states.some((state) => state.status === 'running')) return null
  if (status === 'unknown') return 'nothingKnown'
  return isTerminal(status) && status !== 'succeeded' ? 'noSteps' : null
}

function Curve({ job, label }: { job: JobDetail; label: string }) {
  const t = useTranslations()
  const why = whyNoCurve(job)
  if (why) {
    return (
      <Panel aria-label={t('charts.loss')}>
        <PanelHead title={t('charts.loss')} />
        <p className="px-4 py-5 text-3">{t(`jobs.page.${why}`)}</p>
      </Panel>
    )
  }
  const checkpoints = rowsOf(job).map(({ step, model }) => ({
    step,
    label: t('jobs.compareCheckpoint', { step }),
    href: checkpointAddress(job, model),
  }))
  return (
    <LossChart
      points={job.points}
      totalSteps={job.totalSteps}
      stepsPerEpoch={stepsPerEpoch(job)}
      checkpoints={checkpoints}
      running={isActive(job.status)}
      label={label}
    />
  )
}

/** Running and finished have one geometry, so that nothing jumps at the end. */
function Run({ job, live }: { job: JobDetail; live: Live }) {
  const word = useStatusWord()
  const diagnosis = useDiagnosis(job)
  return (
    <>
      <JobHeader job={job} />
      <p role="status" className="sr-only">
        {word(job.status)}
      </p>
      <Page>
        <StatusRail job={job} />
        <DiagnosisNote job={job} diagnosis={diagnosis} />
        <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_364px]">
          <div className="grid min-w-0 gap-3 sm:gap-4">
            <Curve job={job} label={diagnosis.text} />
            <CheckpointsPanel job={job} />
          </div>
          <div className="grid min-w-0 gap-3 sm:gap-4">
            <EventsPanel job={job} live={live} />
            <ConfigurationPanel job={job} />
          </div>
        </div>
      </Page>
    </>
  )
}

/** One run, while it trains and after. */
export function JobPage({ jobId }: { jobId: string }) {
  const live = useLive(jobId)
  const { data: job, error, refetch, isFetching } = useQuery(jobQuery(jobId))
  if (job) return <Run job={job} live={live} />
  return <Page>{error && <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />}</Page>
}
