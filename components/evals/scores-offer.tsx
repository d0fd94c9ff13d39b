import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { checkpointAddress } from '#components/jobs/page/checkpoint-rows.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { State } from '#components/ui/state.tsx'
import { evalQuery } from '#lib/evals/queries.ts'
import type { Score, Scores, StepScore } from '#lib/evals/schema.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { intervalOf, useScoreWords } from './scores-words.ts'

/** One height for what is going on and for what came of it, so that the rows below stay. */
const Slot = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <div className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-2.5 tabular-nums">
    <div className="grid min-w-0 flex-1 basis-72 gap-0.5">{children}</div>
    {action}
  </div>
)

/** Whether what is known leaves it open which of the two is better. */
function touches(one: Score, other: Score): boolean {
  const [a, b] = [intervalOf(one), intervalOf(other)]
  return a.low <= b.high && b.low <= a.high
}

/** The winner beside the last one, or as the last one beside those before it. */
function besideSteps({ steps, lastIsBest, certain }: Scores, winner: StepScore) {
  if (!lastIsBest) return certain ? 'earlier' : 'earlierUnsure'
  return steps.some((one) => one !== winner && touches(one.score, winner.score)) ? 'lastUnsure' : 'last'
}

function besideBase(base: Score, winner: StepScore) {
  if (touches(base, winner.score)) return 'unsure'
  return intervalOf(base).low > intervalOf(winner.score).high ? 'more' : 'less'
}

/** Which checkpoint to take, with the numbers that say so. */
export function Best({ job, scores }: { job: JobDetail; scores: Scores }) {
  const t = useTranslations('scores')
  const words = useScoreWords()
  const { best, steps, base } = scores
  const winner = steps.find(({ step }) => step === best)
  const last = steps.at(-1)
  if (!winner || !last) return null
  return (
    <Slot
      action={
        <LinkButton size="sm" href={checkpointAddress(job, winner.model)}>
          {t('use', { step: winner.step })}
        </LinkButton>
      }
    >
      <p className="font-semibold">{t('best', { step: winner.step, ...words(winner.score) })}</p>
      <p className="text-3 text-meta">
        {t(besideSteps(scores, winner), { step: last.step, ...words(last.score) })}
        {base && base.n > 0 && ` ${t(`besideBase.${besideBase(base, winner)}`, words(base))}`}
      </p>
    </Slot>
  )
}

const LOOKS = {
  running: { tone: 'busy', kind: 'half' },
  paused: { tone: 'warn', kind: 'half' },
  stopped: { tone: 'mute', kind: 'ring' },
  failed: { tone: 'bad', kind: 'square' },
} as const

interface UnderWayProps {
  evalId: string
  state: keyof typeof LOOKS
}

/** How far the scoring is, or why it is no further. */
export function UnderWay({ evalId, state }: UnderWayProps) {
  const t = useTranslations('scores')
  const { data } = useQuery(evalQuery(evalId, { limit: 0 }))
  const cells = { done: data?.done ?? 0, cells: data?.cells ?? 0 }
  const [pause] = data?.pauses ?? []
  return (
    <Slot
      action={
        state !== 'running' && (
          <LinkButton size="sm" href={`/evals/${evalId}`}>
            {t('goOn')}
          </LinkButton>
        )
      }
    >
      <p role="status" className="flex flex-wrap items-center gap-x-3">
        <State {...LOOKS[state]}>{t(state)}</State>
        <span className="text-3 text-meta" aria-hidden={state === 'running'}>
          {data && t('answers', cells)}
        </span>
      </p>
      {pause && (
        <p dir="auto" className="text-2 text-meta">
          {pause.message}
        </p>
      )}
      <ProgressBar
        value={data ? cells.done : null}
        max={Math.max(1, cells.cells)}
        tone={LOOKS[state].tone}
        label={t('progress')}
      />
    </Slot>
  )
}
