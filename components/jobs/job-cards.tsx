'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Sparkline } from '#components/charts/sparkline.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { DataName } from './data-name.tsx'
import { useFailureWords } from './failure-words.ts'
import { jobName } from './job-name.ts'
import { reached } from './job-outcome.tsx'
import { JobScore } from './job-score.tsx'
import { JobState } from './job-state.tsx'
import { JobTile } from './job-tile.tsx'

const line = 'flex min-h-14.5 items-center gap-3 px-3.5 py-2'

/** Text beside the status: progress, failure reason, duration, or the training data. */
function Aside({ job }: { job: Job }) {
  const { duration, percent } = useFormat()
  const words = useFailureWords()
  const { status, step, totalSteps, error, runningAt, finishedAt, datasetName, datasetVersion } = job
  if ((status === 'running' || status === 'paused') && step && totalSteps) return percent(step / totalSteps)
  if (status === 'failed' && error) return words(error).lead
  if (runningAt !== null && finishedAt !== null) return duration(Math.max(0, finishedAt - runningAt))
  return datasetName !== null && <DataName name={datasetName} version={datasetVersion} />
}

function Card({ job }: { job: Job }) {
  const { fixed } = useFormat()
  return (
    <li className="relative">
      <Link href={`/jobs/${job.id}`} className={line}>
        <JobTile number={job.number} />
        <span className="grid min-w-0 flex-1">
          <span className="truncate font-medium">
            <bdi>{jobName(job)}</bdi> <span className="font-normal text-3">{job.number}</span>
          </span>
          <span className="flex min-w-0 items-center gap-2 text-2 text-meta">
            <JobState status={job.status} quiet />
            <span dir="auto" className="truncate text-3">
              <Aside job={job} />
            </span>
          </span>
        </span>
        <span className="grid w-18 shrink-0 justify-items-end gap-0.5 tabular-nums">
          {job.curve.length > 0 && <Sparkline values={job.curve} progress={reached(job)} className="w-18" />}
          {job.score ? <JobScore score={job.score} /> : fixed(job.lastLoss)}
        </span>
      </Link>
    </li>
  )
}

/** The list of jobs on a phone. */
export function JobCards({ jobs }: { jobs: readonly Job[] | undefined }) {
  const t = useTranslations('jobs')
  return (
    <Panel>
      <ul aria-label={t('caption')} className="divide-y">
        {jobs?.map((job) => <Card key={job.id} job={job} />) ??
          ['a', 'b', 'c', 'd', 'e'].map((bone) => (
            <li key={bone} aria-hidden="true" className={line}>
              <Skeleton className="w-40" />
            </li>
          ))}
      </ul>
    </Panel>
  )
}
