'use client'
import { useQuery } from '@tanstack/react-query'
import X from 'lucide-react/icons/x'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { stepRowsQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { BatchRow, StepRows } from '#lib/jobs/series-schema.ts'
import { measuresOf } from './step-measures.ts'

function Words({ row, datasetId }: { row: BatchRow; datasetId: string | null }) {
  const t = useTranslations('job.step')
  if (row.key === null || datasetId === null) return <span className="text-3">{t('gone')}</span>
  return (
    <>
      <TextLink
        href={`/datasets/${datasetId}?row=${row.key}`}
        title={t('open', { example: row.example })}
        className="block truncate"
      >
        <span dir="auto">{row.question ?? row.answer}</span>
      </TextLink>
      {row.question !== null && (
        <span dir="auto" className="block truncate text-3 text-meta">
          {row.answer}
        </span>
      )}
    </>
  )
}

function Rows({ rows, job }: { rows: readonly BatchRow[]; job: JobDetail }) {
  const { fixed } = useFormat()
  const t = useTranslations('job.step')
  const worstFirst = [...rows].sort((a, b) => (b.loss ?? -1) - (a.loss ?? -1))
  return (
    <>
      {worstFirst.map((row) => (
        <Tr key={row.example}>
          <Td align="end" quiet>
            {row.example}
          </Td>
          <Td className="h-12 w-full max-w-0">
            <Words row={row} datasetId={job.datasetId} />
          </Td>
          <Td align="end">
            {row.loss === null ? <span className="text-3">{t('nothing')}</span> : fixed(row.loss)}
          </Td>
        </Tr>
      ))}
    </>
  )
}

function Body({ found, job }: { found: StepRows | undefined; job: JobDetail }) {
  const t = useTranslations('job.step')
  if (found && found.rows === null) return <p className="px-4 py-4 text-3">{t('notExposed')}</p>
  return (
    <Table caption={t('loading')}>
      <thead>
        <tr>
          <Th align="end">{t('row')}</Th>
          <Th>
            <span className="sr-only">{t('row')}</span>
          </Th>
          <Th align="end">{t('loss')}</Th>
        </tr>
      </thead>
      <tbody>
        {found?.rows ? <Rows rows={found.rows} job={job} /> : <SkeletonRows rows={1} columns={3} />}
      </tbody>
    </Table>
  )
}

/** How far the step went, where the provider tells. */
function Measures({ found }: { found: StepRows }) {
  const t = useTranslations('job.step')
  const measures = measuresOf(found)
  if (measures.length === 0) return null
  return (
    <Facts>
      {measures.map((measure) => (
        <Fact key={measure.label} label={t(measure.label)}>
          {'share' in measure ? t('share', { share: measure.share }) : measure.value}
        </Fact>
      ))}
    </Facts>
  )
}

/** The rows of a training step, each with its own loss: shows which example caused a spike. */
export function StepPanel({ job, step, onClose }: { job: JobDetail; step: number; onClose: () => void }) {
  const { fixed } = useFormat()
  const t = useTranslations('job.step')
  const { data, error, refetch, isFetching } = useQuery(stepRowsQuery(job.id, step))
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scroll again when the step changes
  useEffect(() => {
    // Newer browsers return a promise, which must not become the effect's clean-up.
    void box.current?.scrollIntoView({ block: 'nearest' })
  }, [step])
  const title = data?.epoch ? t('titleEpoch', { step, epoch: data.epoch }) : t('title', { step })
  return (
    <div ref={box}>
      <Panel aria-label={title}>
        <PanelHead title={title} meta={data && `${fixed(data.trainLoss)} ${t('all')}`}>
          <IconButton size="sm" label={t('close')} onClick={onClose}>
            <X size={14} aria-hidden />
          </IconButton>
        </PanelHead>
        {error ? (
          <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
        ) : (
          <Body found={data} job={job} />
        )}
        {data && <Measures found={data} />}
      </Panel>
    </div>
  )
}
