'use client'
import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { cardAddress } from '#lib/evals/queries.ts'
import type { Scores } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useGraderName } from './page/grade-words.ts'
import { Best, UnderWay } from './scores-offer.tsx'
import { ScoresTable } from './scores-table.tsx'
import { isDue, useScores } from './use-scores.ts'

interface PartProps {
  job: JobDetail
  scores: Scores
}

function Head({ job, scores: { evalId, graders } }: PartProps) {
  const t = useTranslations('scores')
  const graderName = useGraderName()
  return (
    <PanelHead
      title={t('title')}
      meta={graders.length > 0 && t('by', { grader: graders.map(graderName).join(' + ') })}
    >
      {evalId && (
        <TextLink href={`/evals/${evalId}`} className="text-meta">
          {t('all')}
        </TextLink>
      )}
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

/** No scores yet: scoring starts soon, would cost money, or has no rows. */
function Nothing({ job, scores }: PartProps) {
  const t = useTranslations('scores')
  if (isDue(job, scores))
    return (
      <p role="status" className="px-4 py-3 text-3">
        {t('due')}
      </p>
    )
  if (!scores.offer) return <p className="px-4 py-3 text-3">{t('none')}</p>
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <p className="min-w-0 flex-1 basis-72 text-2">{t('offer')}</p>
      <LinkButton size="sm" href={`/evals/new?job=${job.id}`}>
        {t('scoreThem')}
      </LinkButton>
    </div>
  )
}

function Found({ job, scores }: PartProps) {
  const { evalId, state } = scores
  return (
    <>
      {evalId && state && state !== 'done' && <UnderWay evalId={evalId} state={state} />}
      {state !== 'running' && <Best job={job} scores={scores} />}
      <ScoresTable job={job} scores={scores} />
    </>
  )
}

/** Held-out scores of a job's checkpoints; renders nothing until the job has succeeded. */
export function ScoresPanel({ job }: { job: JobDetail }) {
  const t = useTranslations('scores')
  const { data: scores, error, refetch, isFetching } = useScores(job)
  if (error && !scores) return <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (!scores) return null
  const Body = scores.steps.length > 0 ? Found : Nothing
  return (
    <Panel aria-label={t('title')}>
      <Head job={job} scores={scores} />
      <Body job={job} scores={scores} />
    </Panel>
  )
}
