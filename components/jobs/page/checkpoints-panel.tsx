'use client'
import Download from 'lucide-react/icons/download'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useScores } from '#components/evals/use-scores.ts'
import { ExportDialog } from '#components/models/export-dialog.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { isActive, type JobDetail } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { betterThanFinal, type CheckpointRow, checkpointAddress, rowsOf } from './checkpoint-rows.ts'

/** The end of the model id: the part that differs between models of one job. */
const shortName = (model: string) => {
  const parts = model.split(':')
  return parts.length > 2 ? `…:${parts.at(-1)}` : model
}

interface RowProps {
  job: JobDetail
  row: CheckpointRow
  onExport: (model: string) => void
}

function Row({ job, row, onExport }: RowProps) {
  const { fixed } = useFormat()
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
        <span className="inline-flex items-center gap-2">
          <TextLink
            href={checkpointAddress(job, row.model)}
            aria-label={t('compareCheckpoint', { step: row.step })}
          >
            {t('compare')}
          </TextLink>
          {capabilitiesOf(job.providerId).trainCheckpoints && (
            <TextLink
              href={`/jobs/new?${new URLSearchParams({ from: job.id, model: row.model })}`}
              aria-label={t('trainCheckpoint', { step: row.step })}
              className="hidden whitespace-nowrap sm:inline"
            >
              {t('trainFurther')}
            </TextLink>
          )}
          {capabilitiesOf(job.providerId).exportModels && (
            <IconButton
              size="sm"
              label={t('exportCheckpoint', { step: row.step })}
              onClick={() => onExport(row.model)}
            >
              <Download size={16} aria-hidden />
            </IconButton>
          )}
        </span>
      </Td>
    </Tr>
  )
}

function Rows({ rows, ...row }: Omit<RowProps, 'row'> & { rows: CheckpointRow[] }) {
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
        {rows.map((one) => (
          <Row key={one.model} row={one} {...row} />
        ))}
      </tbody>
    </Table>
  )
}

/** The fine-tuned model, and the checkpoints of earlier epochs. */
export function CheckpointsPanel({ job }: { job: JobDetail }) {
  const { fixed } = useFormat()
  const t = useTranslations('jobs.checkpoints')
  const [exported, setExported] = useState<string | null>(null)
  const rows = rowsOf(job, useScores(job).data?.best ?? null)
  const better = betterThanFinal(rows)
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')} />
      {rows.length > 0 ? (
        <Rows job={job} rows={rows} onExport={setExported} />
      ) : (
        <p className="px-4 py-5 text-3">{t(isActive(job.status) ? 'later' : 'none')}</p>
      )}
      {better && (
        <p className="border-t px-4 py-3 text-2 text-meta">
          {t.rich('better', {
            step: better.best.step,
            best: fixed(better.best.validLoss),
            final: fixed(better.final),
            link: (words) => <TextLink href={checkpointAddress(job, better.best.model)}>{words}</TextLink>,
          })}
        </p>
      )}
      {exported && (
        <ExportDialog
          model={{ providerId: job.providerId, model: exported }}
          onClose={() => setExported(null)}
        />
      )}
    </Panel>
  )
}
