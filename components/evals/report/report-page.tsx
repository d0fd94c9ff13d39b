'use client'
import { useQuery } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import { JobState } from '#components/jobs/job-state.tsx'
import { JobTile } from '#components/jobs/job-tile.tsx'
import type { RunView } from '#components/jobs/page/address.ts'
import { ConfigurationPanel } from '#components/jobs/page/configuration-panel.tsx'
import { Curve } from '#components/jobs/page/curve.tsx'
import { useDiagnosis } from '#components/jobs/page/use-diagnosis.ts'
import { CopyLink } from '#components/shell/copy-link.tsx'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { Time } from '#components/ui/time.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { versionsQuery } from '#lib/datasets/queries.ts'
import { decisionsIn } from '#lib/evals/decision.ts'
import { cardAddress, evalQuery, REPORTED } from '#lib/evals/queries.ts'
import { jobQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { aliasesQuery } from '#lib/models/queries.ts'
import { useColumnNames } from '../names.ts'
import { ScoreTable } from '../page/score-table.tsx'
import { useScores } from '../use-scores.ts'
import { ReportAnswers } from './report-answers.tsx'

interface PartProps {
  job: JobDetail
}

function Head({ job }: PartProps) {
  const t = useTranslations('jobs')
  const { text } = useDiagnosis(job)
  return (
    <section aria-label={t('title')} className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <JobTile number={job.number} />
        <h2 className="text-page">
          <bdi>{jobName(job)}</bdi>
        </h2>
        <span className="text-3">{t('number', { number: job.number })}</span>
        <JobState status={job.status} />
        <span className="text-3">
          <Time at={job.finishedAt ?? job.createdAt} as="day" />
        </span>
      </div>
      <p dir="auto" className="max-w-[80ch] text-2">
        {text}
      </p>
    </section>
  )
}

function Data({ job }: PartProps) {
  const { count } = useFormat()
  const t = useTranslations('report')
  const { datasetId, datasetName, datasetVersion } = job
  const { data: versions } = useQuery({ ...versionsQuery(datasetId ?? ''), enabled: datasetId !== null })
  const version = versions?.find(({ id }) => id === datasetVersion?.id)
  const number = datasetVersion ? `v${datasetVersion.number}` : t('unknown')
  return (
    <Panel aria-label={t('data.title')}>
      <PanelHead title={t('data.title')} />
      <Facts>
        <Fact label={t('data.dataset')}>
          <bdi>{datasetName ?? t('unknown')}</bdi>
        </Fact>
        <Fact label={t('data.version')}>{number}</Fact>
        <Fact label={t('data.sha256')}>
          {version ? <TruncatedId id={version.sha256} copy copyLabel={t('copyHash')} /> : t('unknown')}
        </Fact>
        <Fact label={t('data.trainRows')}>{count(job.trainRows)}</Fact>
        <Fact label={t('data.heldOutRows')}>{count(job.heldoutRows)}</Fact>
      </Facts>
    </Panel>
  )
}

/** Which aliases point at a model of the job, since when and why. */
function Decisions({ job }: PartProps) {
  const t = useTranslations('report.decision')
  const { data: aliases = [] } = useQuery(aliasesQuery())
  const decisions = decisionsIn(aliases, job)
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} />
      {decisions.length === 0 ? (
        <p className="px-4 py-3 text-3">{t('none')}</p>
      ) : (
        <ul className="grid gap-1.5 px-4 py-3">
          {decisions.map(({ alias, model, at, who, why, holds }) => (
            <li key={`${alias} ${at}`} className="wrap-anywhere">
              <bdi className="font-medium">{alias}</bdi>{' '}
              {t(holds ? 'points' : 'pointed', {
                ...{ model, who, why: why ? 'given' : 'none', reason: why ?? '' },
              })}{' '}
              <span className="text-3 text-meta">
                <Time at={at} as="day" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Evaluation({ job, evalId }: PartProps & { evalId: string }) {
  const { data: page, error, refetch } = useQuery(evalQuery(evalId, REPORTED))
  const names = useColumnNames(page?.columns ?? [])
  if (error && !page) return <Failure error={error} onRetry={() => refetch()} />
  if (!page) return <SkeletonAnswer />
  return (
    <>
      <ScoreTable page={page} names={names} />
      {page.rows.length > 0 && <ReportAnswers page={page} jobId={job.id} />}
    </>
  )
}

function Scores({ job }: PartProps) {
  const t = useTranslations('report.scores')
  const { data: scores } = useScores(job)
  if (scores?.evalId) return <Evaluation job={job} evalId={scores.evalId} />
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} />
      <p className="px-4 py-3 text-3">{t('none')}</p>
    </Panel>
  )
}

const WHOLE: RunView = { range: null, smooth: 0.6, step: null }

function Body({ job }: PartProps) {
  const [view, setView] = useState(WHOLE)
  const { text } = useDiagnosis(job)
  return (
    <Page>
      <div className="mx-auto grid w-full max-w-[1200px] gap-3 sm:gap-4">
        <Head job={job} />
        <div className="grid items-start gap-3 sm:gap-4 md:grid-cols-2">
          <div className="grid min-w-0 gap-3 sm:gap-4">
            <Data job={job} />
            <Decisions job={job} />
          </div>
          <ConfigurationPanel job={job} />
        </div>
        <Curve
          job={job}
          label={text}
          view={view}
          onView={({ range = view.range, smooth = view.smooth }) => setView({ ...view, range, smooth })}
        />
        <Scores job={job} />
      </div>
    </Page>
  )
}

/** A job on one page to be read or shown: its data, settings, curve, scores and a few answers. */
export function ReportPage({ jobId }: { jobId: string }) {
  const t = useTranslations()
  const { data: job, error, refetch } = useQuery(jobQuery(jobId))
  return (
    <>
      <PageHeader
        crumbs={[
          { label: t('jobs.title'), href: '/jobs' },
          ...(job ? [{ label: jobName(job), href: `/jobs/${jobId}` }] : []),
          { label: t('report.page') },
        ]}
      >
        <CopyLink />
        <LinkButton
          href={cardAddress(jobId)}
          download
          prefetch={false}
          icon={<Download size={16} aria-hidden />}
        >
          {t('report.download')}
        </LinkButton>
      </PageHeader>
      {job ? <Body job={job} /> : <Page>{error && <Failure error={error} onRetry={() => refetch()} />}</Page>}
    </>
  )
}
