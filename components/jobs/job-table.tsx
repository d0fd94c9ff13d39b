'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { DataName } from './data-name.tsx'
import { jobName } from './job-name.ts'
import { JobOutcome } from './job-outcome.tsx'
import { JobScore } from './job-score.tsx'
import { JobState } from './job-state.tsx'
import { JobTile } from './job-tile.tsx'
import type { ListView, Sort } from './list-address.ts'
import type { Choice } from './use-choice.ts'

const wideOnly = 'hidden wide:table-cell'
const widestOnly = 'hidden 2xl:table-cell'
const fromLarge = 'hidden lg:table-cell'

/** Training time, or progress. */
function Spent({ job: { status, step, totalSteps, runningAt, finishedAt } }: { job: Job }) {
  const { duration, percent } = useFormat()
  const t = useTranslations('jobList')
  if ((status === 'running' || status === 'paused') && step !== null && totalSteps)
    return (
      <span className="inline-flex items-center gap-2">
        <span className="w-9">
          <ProgressBar value={step / totalSteps} label={t('progress')} />
        </span>
        {percent(step / totalSteps)}
      </span>
    )
  return runningAt === null || finishedAt === null ? '–' : duration(Math.max(0, finishedAt - runningAt))
}

interface RowProps {
  job: Job
  choice: Choice
}

function Check({ job, choice: { colourOf, toggle, isFull } }: RowProps) {
  const t = useTranslations('jobList')
  const colour = colourOf(job.id)
  return (
    <input
      type="checkbox"
      checked={colour !== undefined}
      disabled={colour === undefined && isFull}
      onChange={() => toggle(job)}
      aria-label={t('choose', { name: jobName(job), number: job.number })}
      className="relative z-1 block size-4 accent-(--accent)"
    />
  )
}

function Row({ job, choice }: RowProps) {
  const { dollars, fixed } = useFormat()
  const t = useTranslations('jobs.page.provider')
  const colour = choice.colourOf(job.id)
  return (
    <Tr className="relative" selected={colour !== undefined}>
      <Td className="w-8 pe-0!">
        <Check job={job} choice={choice} />
      </Td>
      <Td className="w-1/3 min-w-36 max-w-0">
        <span className="flex min-w-0 items-center gap-2.5">
          <JobTile number={job.number} series={colour} />
          <Link
            href={`/jobs/${job.id}`}
            className="flex min-w-0 gap-1.5 rounded-xs font-medium after:absolute after:inset-0 hover:text-accent"
          >
            <bdi title={jobName(job)} className="truncate">
              {jobName(job)}
            </bdi>{' '}
            <span className="font-normal text-3">{job.number}</span>
          </Link>
        </span>
      </Td>
      <Td className="max-w-32 truncate">
        <JobState status={job.status} />
      </Td>
      <Td mono className={wideOnly}>
        <bdi dir="ltr" title={job.model} className="block max-w-40 truncate">
          {shortName(job.model)}
        </bdi>
      </Td>
      <Td quiet className={wideOnly}>
        <span className="block max-w-36 truncate">
          {job.datasetName === null ? '–' : <DataName name={job.datasetName} version={job.datasetVersion} />}
        </span>
      </Td>
      <Td quiet className={widestOnly}>
        {t(job.providerId)}
      </Td>
      <Td className="w-2/3 min-w-20 max-w-0">
        <JobOutcome job={job} series={colour} />
      </Td>
      <Td align="end">
        <JobScore score={job.score} />
      </Td>
      <Td align="end" className={fromLarge}>
        {fixed(job.lastLoss)}
      </Td>
      <Td align="end" className={wideOnly}>
        {fixed(job.bestValid)}
      </Td>
      <Td quiet align="end" className={fromLarge}>
        <Spent job={job} />
      </Td>
      <Td quiet align="end" className={wideOnly}>
        {dollars(job.cost)}
      </Td>
      <Td quiet align="end">
        <Time at={job.createdAt} />
      </Td>
    </Tr>
  )
}

interface HeadProps {
  view: ListView
  onSort: (sort: Sort) => void
}

function Head({ view, onSort }: HeadProps) {
  const t = useTranslations('jobList.columns')
  const sortable = (name: Sort, align: 'start' | 'end', className?: string) => {
    const here = view.sort === name
    return (
      <Th
        align={align}
        className={className}
        sort={here ? (view.order === 'asc' ? 'ascending' : 'descending') : 'none'}
        onSort={() => onSort(name)}
      >
        {t(name)}
      </Th>
    )
  }
  return (
    <thead>
      <tr>
        <Th className="w-8 pe-0!">
          <span className="sr-only">{t('choose')}</span>
        </Th>
        {sortable('name', 'start')}
        {sortable('state', 'start')}
        <Th className={wideOnly}>{t('model')}</Th>
        <Th className={wideOnly}>{t('data')}</Th>
        <Th className={widestOnly}>{t('provider')}</Th>
        <Th>{t('curve')}</Th>
        {sortable('score', 'end')}
        {sortable('loss', 'end', fromLarge)}
        {sortable('valid', 'end', wideOnly)}
        {sortable('time', 'end', fromLarge)}
        {sortable('cost', 'end', wideOnly)}
        {sortable('created', 'end')}
      </tr>
    </thead>
  )
}

interface JobTableProps extends HeadProps {
  jobs: readonly Job[] | undefined
  choice: Choice
}

/** A page of jobs, each with its status and a small curve. */
export function JobTable({ jobs, choice, view, onSort }: JobTableProps) {
  const t = useTranslations('jobs')
  return (
    <Panel>
      <Table caption={t('caption')} flow>
        <Head view={view} onSort={onSort} />
        <tbody>
          {jobs ? (
            jobs.map((job) => <Row key={job.id} job={job} choice={choice} />)
          ) : (
            <SkeletonRows rows={8} columns={13} />
          )}
        </tbody>
      </Table>
    </Panel>
  )
}
