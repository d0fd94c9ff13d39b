'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import StickyNote from 'lucide-react/icons/sticky-note'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu, type MenuProps } from '#components/ui/menu.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { sortedBy, Table, Td, Th, Tr } from '#components/ui/table.tsx'
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
import { tagText } from './organise/tag-text.ts'
import { useJobActions } from './organise/use-job-actions.tsx'
import type { Choice } from './use-choice.ts'

/**
 * Widths of the list, in px, from which a column has room: the sum of those before it, so that none is ever cut. The
 * others are there from the width of a tablet on.
 */
const from = {
  time: 'hidden @[740px]:table-cell',
  loss: 'hidden @[840px]:table-cell',
  data: 'hidden @[1000px]:table-cell',
  model: 'hidden @[1180px]:table-cell',
  valid: 'hidden @[1310px]:table-cell',
  cost: 'hidden @[1400px]:table-cell',
  provider: 'hidden @[1580px]:table-cell',
}

/** Columns that are always there. */
const ALWAYS = 7

type ItemsOf = (job: Job) => MenuProps['items']

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
  itemsOf: ItemsOf
}

const box = 'relative z-1 block size-4 accent-(--accent)'

function Check({ job, choice: { isChosen, toggle, isFull } }: Omit<RowProps, 'itemsOf'>) {
  const t = useTranslations('jobList')
  return (
    <input
      type="checkbox"
      checked={isChosen(job.id)}
      disabled={!isChosen(job.id) && isFull}
      onChange={() => toggle(job)}
      aria-label={t('choose', { name: jobName(job), number: job.number })}
      className={box}
    />
  )
}

/** Selects every job of the page, or none. */
function CheckAll({ jobs, choice: { isChosen, choose } }: Pick<JobTableProps, 'jobs' | 'choice'>) {
  const t = useTranslations('jobList')
  const some = jobs?.some(({ id }) => isChosen(id)) ?? false
  const all = some && (jobs?.every(({ id }) => isChosen(id)) ?? false)
  return (
    <input
      ref={(input) => {
        if (input) input.indeterminate = some && !all
      }}
      type="checkbox"
      checked={all}
      disabled={!jobs || jobs.length === 0}
      onChange={() => choose(jobs ?? [], !all)}
      aria-label={t('chooseAll')}
      className={box}
    />
  )
}

function Row({ job, choice, itemsOf }: RowProps) {
  const { dollars, fixed } = useFormat()
  const t = useTranslations()
  const nameOf = useProviderName()
  const colour = choice.colourOf(job.id)
  return (
    <Tr className="relative" selected={choice.isChosen(job.id)}>
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
          {job.note && (
            <span title={job.note} className="relative z-1 shrink-0 text-3">
              <StickyNote size={14} aria-hidden />
              <span className="sr-only">{job.note}</span>
            </span>
          )}
          {job.tags.length > 0 && (
            <bdi
              title={tagText(job.tags)}
              className="hidden min-w-0 shrink-2 truncate text-3 text-meta @[1580px]:block"
            >
              {tagText(job.tags)}
            </bdi>
          )}
        </span>
      </Td>
      <Td className="max-w-32 truncate">
        <JobState status={job.status} />
      </Td>
      <Td mono className={from.model}>
        <bdi dir="ltr" title={job.model} className="block max-w-40 truncate">
          {shortName(job.model)}
        </bdi>
      </Td>
      <Td quiet className={from.data}>
        <span className="block max-w-36 truncate">
          {job.datasetName === null ? '–' : <DataName name={job.datasetName} version={job.datasetVersion} />}
        </span>
      </Td>
      <Td quiet className={from.provider}>
        {nameOf(job.providerId)}
      </Td>
      <Td className="w-2/3 min-w-20 max-w-0">
        <JobOutcome job={job} series={colour} />
      </Td>
      <Td align="end">
        <JobScore score={job.score} />
      </Td>
      <Td align="end" className={from.loss}>
        {fixed(job.lastLoss)}
      </Td>
      <Td align="end" className={from.valid}>
        {fixed(job.bestValid)}
      </Td>
      <Td quiet align="end" className={from.time}>
        <Spent job={job} />
      </Td>
      <Td quiet align="end" className={from.cost}>
        {dollars(job.cost)}
      </Td>
      <Td quiet align="end">
        <Time at={job.createdAt} />
      </Td>
      <Td className="w-8 ps-0! pe-2!">
        <span className="relative z-1">
          <Menu
            label={t('jobList.organise.menu', { name: jobName(job), number: job.number })}
            trigger={
              <IconButton
                size="sm"
                label={t('jobList.organise.menu', { name: jobName(job), number: job.number })}
              >
                <Ellipsis size={16} aria-hidden />
              </IconButton>
            }
            items={itemsOf(job)}
          />
        </span>
      </Td>
    </Tr>
  )
}

type HeadProps = Omit<JobTableProps, 'onDeleted'>

function Head({ view, onSort, ...all }: HeadProps) {
  const t = useTranslations('jobList.columns')
  const sorting = sortedBy(view, onSort)
  const sortable = (name: Sort, align: 'start' | 'end', className?: string) => (
    <Th align={align} className={className} {...sorting(name)}>
      {t(name)}
    </Th>
  )
  return (
    <thead>
      <tr>
        <Th className="w-8 pe-0!">
          <CheckAll {...all} />
        </Th>
        {sortable('name', 'start')}
        {sortable('state', 'start')}
        <Th className={from.model}>{t('model')}</Th>
        <Th className={from.data}>{t('data')}</Th>
        <Th className={from.provider}>{t('provider')}</Th>
        <Th>{t('curve')}</Th>
        {sortable('score', 'end')}
        {sortable('loss', 'end', from.loss)}
        {sortable('valid', 'end', from.valid)}
        {sortable('time', 'end', from.time)}
        {sortable('cost', 'end', from.cost)}
        {sortable('created', 'end')}
        <Th className="w-8 ps-0! pe-2!">
          <span className="sr-only">{t('actions')}</span>
        </Th>
      </tr>
    </thead>
  )
}

interface JobTableProps {
  jobs: readonly Job[] | undefined
  choice: Choice
  view: ListView
  onSort: (sort: Sort) => void
  /** Called with the ids of the jobs that are gone. */
  onDeleted: (ids: readonly string[]) => void
}

/** A page of jobs, each with its status and a small curve. */
export function JobTable({ onDeleted, ...head }: JobTableProps) {
  const t = useTranslations('jobs')
  const { jobs, choice } = head
  const { itemsOf, dialog } = useJobActions(onDeleted)
  return (
    <Panel className="@container">
      <Table caption={t('caption')} flow>
        <Head {...head} />
        <tbody>
          {jobs ? (
            jobs.map((job) => <Row key={job.id} job={job} choice={choice} itemsOf={itemsOf} />)
          ) : (
            <SkeletonRows rows={8} columns={ALWAYS} />
          )}
        </tbody>
      </Table>
      {dialog}
    </Panel>
  )
}
