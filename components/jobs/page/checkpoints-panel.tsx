'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useTranslations } from 'use-intl'
import { useGraderName } from '#components/evals/page/grade-words.ts'
import { Share } from '#components/evals/page/score-table.tsx'
import { ScoresLead } from '#components/evals/scores-lead.tsx'
import { useScores } from '#components/evals/use-scores.ts'
import { Chip } from '#components/ui/chip.tsx'
import { Dot } from '#components/ui/dot.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu, type MenuProps } from '#components/ui/menu.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Score, Scores } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { betterThanFinal, type CheckpointRow, checkpointAddress, rowsOf } from './checkpoint-rows.ts'
import { useModelActions } from './use-model-actions.tsx'

/** Columns that a narrow panel leaves out. */
const roomy = 'hidden @[560px]:table-cell'

interface StepProps {
  kind: 'base' | 'checkpoint' | 'final'
  /** The model's id. */
  model?: string
  children: string
}

const Step = ({ kind, model, children }: StepProps) => (
  <span title={model} className="flex items-center justify-between gap-2">
    <Dot kind={kind === 'checkpoint' ? 'diamond' : 'square'} tone={kind === 'base' ? 'base' : 'accent'} />
    {children}
  </span>
)

const ScoreCell = ({ score }: { score: Score | undefined }) => (
  <Td className="py-1">{score ? <Share score={score} /> : '–'}</Td>
)

interface RowProps {
  job: JobDetail
  row: CheckpointRow
  scores: Scores | null
  itemsOf: (row: CheckpointRow) => MenuProps['items']
}

function Row({ job, row, scores, itemsOf }: RowProps) {
  const { count, fixed } = useFormat()
  const t = useTranslations('jobs')
  const { step, model, final, best } = row
  const label = t('checkpoints.more', { step })
  return (
    <Tr>
      <Td align="end">
        <Step kind={final ? 'final' : 'checkpoint'} model={model}>
          {count(step)}
        </Step>
      </Td>
      {scores && <ScoreCell score={scores.steps.find((one) => one.model === model)?.score} />}
      <Td align="end" className={roomy}>
        {fixed(row.trainLoss)}
      </Td>
      <Td align="end">{fixed(row.validLoss)}</Td>
      <Td align="end" className={roomy}>
        {fixed(row.accuracy)}
      </Td>
      <Td className="hidden w-full sm:table-cell">
        <span className="flex gap-1.5">
          {final && <Chip>{t('checkpoints.final')}</Chip>}
          {best && <Chip tone="accent">{t(`checkpoints.best.${best}`)}</Chip>}
        </span>
      </Td>
      <Td align="end">
        <span className="inline-flex items-center gap-2">
          <TextLink href={checkpointAddress(job, model)} aria-label={t('compareCheckpoint', { step })}>
            {t('compare')}
          </TextLink>
          <Menu
            label={label}
            trigger={
              <IconButton size="sm" label={label}>
                <Ellipsis size={16} aria-hidden />
              </IconButton>
            }
            items={itemsOf(row)}
          />
        </span>
      </Td>
    </Tr>
  )
}

function BaseRow({ score }: { score: Score }) {
  const t = useTranslations('scores')
  return (
    <Tr>
      <Td align="end">
        <Step kind="base">{t('base')}</Step>
      </Td>
      <ScoreCell score={score} />
      <Td className={roomy} />
      <Td />
      <Td className={roomy} />
      <Td className="hidden sm:table-cell" />
      <Td />
    </Tr>
  )
}

function Rows({ rows, scores, ...row }: Omit<RowProps, 'row'> & { rows: CheckpointRow[] }) {
  const t = useTranslations('jobs.checkpoints')
  return (
    <Table caption={t('title')}>
      <thead>
        <tr>
          <Th align="end">{t('step')}</Th>
          {scores && <Th>{t('score')}</Th>}
          <Th align="end" className={roomy}>
            {t('train')}
          </Th>
          <Th align="end">{t('validation')}</Th>
          <Th align="end" className={roomy}>
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
          <Row key={one.model} row={one} scores={scores} {...row} />
        ))}
        {scores?.base && <BaseRow score={scores.base} />}
      </tbody>
    </Table>
  )
}

/** The checkpoint with the best score leads; without scores the latest does. */
const bestFirst = (rows: readonly CheckpointRow[]): CheckpointRow[] =>
  rows.toSorted((a, b) => Number(b.best === 'score') - Number(a.best === 'score'))

/** Entries of a checkpoint's menu. */
function useItems({ id, providerId }: JobDetail, actionsOf: (model: string) => MenuProps['items']) {
  const t = useTranslations('jobs')
  const toast = useToast()
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => toast({ text: t('checkpoints.copied') }),
      () => toast({ text: t('checkpoints.copyFailed') }),
    )
  return ({ model }: CheckpointRow): MenuProps['items'] => [
    ...actionsOf(model),
    ...(capabilitiesOf(providerId).trainCheckpoints
      ? [{ label: t('trainFurther'), href: `/jobs/new?${new URLSearchParams({ from: id, model })}` }]
      : []),
    { label: t('checkpoints.copyId'), onSelect: () => copy(model) },
  ]
}

interface CheckpointsPanelProps {
  job: JobDetail
  /** Base URL of `/v1`. */
  baseURL: string
}

/** The fine-tuned model and the checkpoints of earlier epochs: how well each does, and what can be done with it. */
export function CheckpointsPanel({ job, baseURL }: CheckpointsPanelProps) {
  const { fixed } = useFormat()
  const t = useTranslations('jobs.checkpoints')
  const scored = useTranslations('scores')
  const graderName = useGraderName()
  const { data } = useScores(job)
  const scores = data && data.steps.length > 0 ? data : null
  const { itemsOf, dialog } = useModelActions(job, baseURL)
  const rows = bestFirst(rowsOf(job, scores?.best ?? null))
  const better = betterThanFinal(rows)
  const menuOf = useItems(job, itemsOf)
  return (
    <Panel aria-label={t('title')} className="@container">
      <PanelHead
        title={t('title')}
        terms={['checkpoint', 'step']}
        meta={scores ? scored('by', { grader: scores.graders.map(graderName).join(' + ') }) : t('meta')}
      >
        {scores?.evalId && (
          <TextLink href={`/evals/${scores.evalId}`} className="text-meta">
            {scored('all')}
          </TextLink>
        )}
      </PanelHead>
      <ScoresLead job={job} />
      {rows.length > 0 ? (
        <Rows job={job} rows={rows} scores={scores} itemsOf={menuOf} />
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
      {dialog}
    </Panel>
  )
}
