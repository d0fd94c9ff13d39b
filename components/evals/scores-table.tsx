import { useTranslations } from 'use-intl'
import { checkpointAddress } from '#components/jobs/page/checkpoint-rows.ts'
import { Chip } from '#components/ui/chip.tsx'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Scores, StepScore } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { Share } from './page/score-table.tsx'

const Mark = ({ kind, tuned }: { kind: DotKind; tuned: boolean }) => (
  <Dot kind={kind} tone={tuned ? 'accent' : 'base'} />
)

interface RowProps {
  job: JobDetail
  one: StepScore
  best: boolean
}

function StepRow({ job, one: { step, model, final, score }, best }: RowProps) {
  const { count } = useFormat()
  const t = useTranslations('scores')
  return (
    <Tr>
      <Td align="end">
        <span className="inline-flex items-center gap-2">
          <Mark kind={final ? 'square' : 'diamond'} tuned />
          {count(step)}
        </span>
      </Td>
      <Td>
        <Share score={score} />
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex gap-1.5">
          {final && <Chip>{t('final')}</Chip>}
          {best && <Chip tone="accent">{t('bestChip')}</Chip>}
        </span>
      </Td>
      <Td align="end">
        <TextLink href={checkpointAddress(job, model)} aria-label={t('compareStep', { step })}>
          {t('compare')}
        </TextLink>
      </Td>
    </Tr>
  )
}

function BaseRow({ score }: { score: NonNullable<Scores['base']> }) {
  const t = useTranslations('scores')
  return (
    <Tr>
      <Td align="end">
        <span className="inline-flex items-center gap-2">
          <Mark kind="square" tuned={false} />
          {t('base')}
        </span>
      </Td>
      <Td>
        <Share score={score} />
      </Td>
      <Td className="hidden sm:table-cell" />
      <Td />
    </Tr>
  )
}

/** Base model, checkpoints and final model, each with its passed count and interval. */
export function ScoresTable({ job, scores }: { job: JobDetail; scores: Scores }) {
  const t = useTranslations('scores')
  const { base, steps, best, state } = scores
  return (
    <Table caption={t('caption')}>
      <thead>
        <tr>
          <Th align="end">{t('step')}</Th>
          <Th className="w-full">{t('score')}</Th>
          <Th className="hidden sm:table-cell">
            <span className="sr-only">{t('marks')}</span>
          </Th>
          <Th>
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {base && <BaseRow score={base} />}
        {steps.map((one) => (
          <StepRow key={one.model} job={job} one={one} best={state !== 'running' && one.step === best} />
        ))}
      </tbody>
    </Table>
  )
}
