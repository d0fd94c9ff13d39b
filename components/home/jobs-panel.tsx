'use client'
import { useTranslations } from 'use-intl'
import { Sparkline } from '#components/charts/sparkline.tsx'
import { jobName } from '#components/jobs/job-name.ts'
import { JobState } from '#components/jobs/job-state.tsx'
import { JobTile } from '#components/jobs/job-tile.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Job } from '#lib/jobs/schema.ts'

const SHOWN = 5

function Row({ job }: { job: Job }) {
  const { fixed } = useFormat()
  return (
    <Tr>
      <Td className="w-full min-w-40 max-w-0">
        <span className="flex items-center gap-2">
          <JobTile number={job.number} />
          <TextLink href={`/jobs/${job.id}`} className="truncate text-1!">
            <bdi>{jobName(job)}</bdi>
          </TextLink>
        </span>
      </Td>
      <Td>
        <JobState status={job.status} />
      </Td>
      <Td quiet className="hidden max-w-48 truncate lg:table-cell">
        <bdi title={job.datasetName ?? undefined}>{job.datasetName ?? '–'}</bdi>
      </Td>
      <Td className="hidden sm:table-cell">
        <Sparkline values={job.curve} />
      </Td>
      <Td align="end">{fixed(job.lastLoss)}</Td>
      <Td quiet align="end" className="hidden sm:table-cell">
        <Time at={job.createdAt} />
      </Td>
    </Tr>
  )
}

/** The latest jobs, with a link to all of them. */
export function JobsPanel({ jobs }: { jobs: readonly Job[] }) {
  const t = useTranslations('home.runs')
  return (
    <>
      <PanelHead title={t('title')}>
        <LinkButton size="sm" variant="ghost" href="/jobs">
          {t('all')}
        </LinkButton>
      </PanelHead>
      {jobs.length === 0 ? (
        <p className="border-b px-4 py-6 text-3">{t('empty')}</p>
      ) : (
        <div className="border-b">
          <Table caption={t('caption')}>
            <thead>
              <tr>
                <Th>{t('run')}</Th>
                <Th>{t('state')}</Th>
                <Th className="hidden lg:table-cell">{t('data')}</Th>
                <Th className="hidden sm:table-cell">{t('curve')}</Th>
                <Th align="end">{t('loss')}</Th>
                <Th align="end" className="hidden sm:table-cell">
                  {t('time')}
                </Th>
              </tr>
            </thead>
            <tbody>
              {jobs.slice(0, SHOWN).map((job) => (
                <Row key={job.id} job={job} />
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </>
  )
}
