'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { count, fixed } from '#components/ui/format.ts'
import { Panel } from '#components/ui/panel.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Job } from '#lib/jobs/schema.ts'
import { DataName } from './data-name.tsx'
import { JobOutcome } from './job-outcome.tsx'
import { JobState } from './job-state.tsx'
import { runName } from './run-name.ts'
import { RunTile } from './run-tile.tsx'

const wideOnly = 'hidden wide:table-cell'

function Steps({ job: { step, totalSteps } }: { job: Job }) {
  const t = useTranslations('jobs')
  if (step === null) return '–'
  return totalSteps === null || step === totalSteps ? count(step) : t('stepOf', { step, total: totalSteps })
}

function Row({ job }: { job: Job }) {
  return (
    <Tr className="relative">
      <Td>
        <span className="flex min-w-0 items-center gap-2.5">
          <RunTile number={job.number} />
          <Link
            href={`/jobs/${job.id}`}
            className="max-w-52 truncate rounded-xs font-medium after:absolute after:inset-0 hover:text-accent"
          >
            <bdi>{runName(job)}</bdi> <span className="font-normal text-3">{job.number}</span>
          </Link>
        </span>
      </Td>
      <Td>
        <JobState status={job.status} />
      </Td>
      <Td mono>
        <bdi dir="ltr" title={job.model}>
          {shortName(job.model)}
        </bdi>
      </Td>
      <Td quiet className={wideOnly}>
        <span className="block max-w-40 truncate">
          {job.datasetName === null ? '–' : <DataName name={job.datasetName} version={job.datasetVersion} />}
        </span>
      </Td>
      <Td className="w-full min-w-36 max-w-0">
        <JobOutcome job={job} />
      </Td>
      <Td align="end">{fixed(job.lastLoss)}</Td>
      <Td align="end" className={wideOnly}>
        <Steps job={job} />
      </Td>
      <Td quiet align="end">
        <Time at={job.createdAt} />
      </Td>
    </Tr>
  )
}

/** Every run with how it stands and the shape of its curve. */
export function JobTable({ jobs }: { jobs: readonly Job[] | undefined }) {
  const t = useTranslations('jobs')
  return (
    <Panel>
      <Table caption={t('caption')}>
        <thead>
          <tr>
            <Th>{t('columns.run')}</Th>
            <Th>{t('columns.state')}</Th>
            <Th>{t('columns.model')}</Th>
            <Th className={wideOnly}>{t('columns.data')}</Th>
            <Th>{t('columns.curve')}</Th>
            <Th align="end">{t('columns.final')}</Th>
            <Th align="end" className={wideOnly}>
              {t('columns.steps')}
            </Th>
            <Th align="end">{t('columns.created')}</Th>
          </tr>
        </thead>
        <tbody>
          {jobs ? jobs.map((job) => <Row key={job.id} job={job} />) : <SkeletonRows rows={8} columns={8} />}
        </tbody>
      </Table>
    </Panel>
  )
}
