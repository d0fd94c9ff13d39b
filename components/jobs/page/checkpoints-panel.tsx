'use client'
import { useTranslations } from 'use-intl'
import { useScores } from '#components/evals/use-scores.ts'
import { Chip } from '#components/ui/chip.tsx'
import { fixed } from '#components/ui/format.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { isActive, type JobDetail } from '#lib/jobs/schema.ts'
import { type CheckpointRow, checkpointAddress, rowsOf } from './checkpoint-rows.ts'

/** The end of the model id: the part that differs between models of one job. */
const shortName = (model: string) => {
  const parts = model.split(':')
  return parts.length > 2 ? `…:${parts.at(-1)}` : model
}

function Row({ job, row }: { job: JobDetail; row: CheckpointRow }) {
  const t = useTranslations('jobs')
  return (
    <Tr>
      <Td align="end">{row.step}</Td>
      <Td mono className="w-full max-w-0">
        <bdi dir="ltr" title={row.model} className="block min-w-20 truncate">
          {shortName(row.model)}
        </bdi>
      </Td>
      <Td align="end" className="hidden sm:table-cell">
        {fixed(row.trainLoss)}
      </Td>
      <Td align="end">{fixed(row.validLoss)}</Td>
      <Td align="end" className="hidden sm:table-cell">
        {fixed(row.accuracy)}
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex gap-1.5">
          {row.final && <Chip>{t('checkpoints.final')}</Chip>}
          {row.best && <Chip tone="accent">{t(`checkpoints.best.${row.best}`)}</Chip>}
        </span>
      </Td>
      <Td align="end">
        <TextLink
          href={checkpointAddress(job, row.model)}
          aria-label={t('compareCheckpoint', { step: row.step })}
        >
          {t('compare')}
        </TextLink>
      </Td>
    </Tr>
  )
}

function Rows({ job, rows }: { job: JobDetail; rows: CheckpointRow[] }) {
  const t = useTranslations('jobs.checkpoints')
  return (
    <Table caption={t('title')}>
      <thead>
        <tr>
          <Th align="end">{t('step')}</Th>
          <Th>{t('model')}</Th>
          <Th align="end" className="hidden sm:table-cell">
            {t('train')}
          </Th>
          <Th align="end">{t('validation')}</Th>
          <Th align="end" className="hidden sm:table-cell">
            {t('accuracy')}
          </Th>
          <Th className="hidden sm:table-cell">
            <span className="sr-only">{t('marks')}</span>
          </Th>
          <Th>
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.model} job={job} row={row} />
        ))}
      </tbody>
    </Table>
  )
}

/** The fine-tuned model, and the checkpoints of earlier epochs. */
export function CheckpointsPanel({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs.checkpoints')
  const rows = rowsOf(job, useScores(job).data?.best ?? null)
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')} />
      {rows.length > 0 ? (
        <Rows job={job} rows={rows} />
      ) : (
        <p className="px-4 py-5 text-3">{t(isActive(job.status) ? 'later' : 'none')}</p>
      )}
    </Panel>
  )
}
