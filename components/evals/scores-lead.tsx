'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { Best, Slot, UnderWay } from './scores-offer.tsx'
import { isDue, useScores } from './use-scores.ts'

const Line = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <Slot action={action}>
    <p className="text-2">{children}</p>
  </Slot>
)

/**
 * What the held-out answers of a job's checkpoints say, how far they are, or why there are none; nothing until the job has
 * succeeded. One line of one height, so that the table below stays where it is.
 */
export function ScoresLead({ job }: { job: JobDetail }) {
  const t = useTranslations('scores')
  const { data: scores, error, refetch, isFetching } = useScores(job)
  if (error && !scores) return <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (!scores) return null
  const { evalId, state, steps } = scores
  if (steps.length > 0)
    return (
      <>
        {evalId && state && state !== 'done' && <UnderWay evalId={evalId} state={state} />}
        {state !== 'running' && <Best job={job} scores={scores} />}
      </>
    )
  if (isDue(job, scores)) return <Line>{t('due')}</Line>
  if (!scores.offer) return <Line>{t('none')}</Line>
  return (
    <Line
      action={
        <LinkButton size="sm" href={`/evals/new?job=${job.id}`}>
          {t('scoreThem')}
        </LinkButton>
      }
    >
      {t('offer')}
    </Line>
  )
}
