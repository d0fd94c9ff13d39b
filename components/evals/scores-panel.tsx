'use client'
import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl'
import { refKey } from '#components/models/model-options.ts'
import { Chip } from '#components/ui/chip.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { cardAddress } from '#lib/evals/queries.ts'
import type { GraderScore, Scores, StepScore } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useGraderName } from './page/grade-words.ts'
import { Share } from './page/score-table.tsx'
import { useScores } from './use-scores.ts'

const playgroundAddress = ({ id, providerId, model }: JobDetail, ours: string): string => {
  const panes = [model, ours].map((name): [string, string] => ['model', refKey({ providerId, model: name })])
  return `/playground?${new URLSearchParams([['job', id], ...panes])}`
}

const inWords = ({ passed, n, interval }: GraderScore) => ({
  passed,
  n,
  low: Math.round(interval.low * 100),
  high: Math.round(interval.high * 100),
})

interface PartProps {
  job: JobDetail
  scores: Scores
}

/** Which checkpoint to take, with the numbers that say so. */
function Offer({ job, scores }: PartProps) {
  const t = useTranslations('scores')
  const { best, steps, lastIsBest, certain, state } = scores
  const winner = steps.find(({ step }) => step === best)
  if (!winner || state === 'running') return null
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2.5 tabular-nums">
      <span className="min-w-0 flex-1 basis-72">
        <b className="font-semibold">{t('best', { step: winner.step, ...inWords(winner.score) })}</b>{' '}
        <span className="text-3 text-meta">
          {t(lastIsBest ? 'last' : certain ? 'earlier' : 'earlierUnsure')}
        </span>
      </span>
      <LinkButton size="sm" href={playgroundAddress(job, winner.model)}>
        {t('use', { step: winner.step })}
      </LinkButton>
    </p>
  )
}

function StepRow({ job, one, best }: { job: JobDetail; one: StepScore; best: number | null }) {
  const t = useTranslations('scores')
  const { step, model, final, score } = one
  return (
    <Tr>
      <Td align="end">{step}</Td>
      <Td>
        <Share score={score} />
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex gap-1.5">
          {final && <Chip>{t('final')}</Chip>}
          {step === best && <Chip tone="accent">{t('bestChip')}</Chip>}
        </span>
      </Td>
      <Td align="end">
        <TextLink href={playgroundAddress(job, model)} aria-label={t('compareStep', { step })}>
          {t('compare')}
        </TextLink>
      </Td>
    </Tr>
  )
}

function Steps({ job, scores }: PartProps) {
  const t = useTranslations('scores')
  const { base, steps, best } = scores
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
        {base && (
          <Tr>
            <Td align="end">{t('base')}</Td>
            <Td>
              <Share score={base} />
            </Td>
            <Td className="hidden sm:table-cell" />
            <Td />
          </Tr>
        )}
        {steps.map((one) => (
          <StepRow key={one.model} job={job} one={one} best={best} />
        ))}
      </tbody>
    </Table>
  )
}

function Head({ job, scores }: PartProps) {
  const t = useTranslations('scores')
  const graderName = useGraderName()
  const { evalId, grader, state } = scores
  return (
    <PanelHead title={t('title')} meta={grader && t('by', { grader: graderName(grader) })}>
      {state === 'running' && (
        <span role="status" className="text-3 text-meta">
          {t('running')}
        </span>
      )}
      {evalId && <TextLink href={`/evals/${evalId}`}>{t('all')}</TextLink>}
      <LinkButton
        size="sm"
        variant="ghost"
        icon={<Download size={14} aria-hidden />}
        href={cardAddress(job.id)}
        download
        prefetch={false}
      >
        {t('card')}
      </LinkButton>
    </PanelHead>
  )
}

/** How a run's checkpoints answer rows that they have not seen; nothing until it has succeeded. */
export function ScoresPanel({ job }: { job: JobDetail }) {
  const t = useTranslations('scores')
  const { data: scores, error, refetch } = useScores(job)
  if (error) return <Failure error={error} onRetry={() => refetch()} />
  if (!scores) return null
  return (
    <Panel aria-label={t('title')}>
      <Head job={job} scores={scores} />
      <Offer job={job} scores={scores} />
      {scores.steps.length > 0 ? (
        <Steps job={job} scores={scores} />
      ) : (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 text-3">
          <span className="flex-1 basis-72">{t(scores.offer ? 'offer' : 'none')}</span>
          {scores.offer && (
            <LinkButton size="sm" href={`/evals/new?job=${job.id}`}>
              {t('estimate')}
            </LinkButton>
          )}
        </p>
      )}
    </Panel>
  )
}
