import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { checkpointAddress } from '#components/jobs/page/checkpoint-rows.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { State } from '#components/ui/state.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { evalQuery } from '#lib/evals/queries.ts'
import type { Scores } from '#lib/evals/schema.ts'
import { SIGNIFICANT } from '#lib/evals/significance.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useScoreWords } from './scores-words.ts'

/** The height is the same for progress and result, so that the rows below do not move. */
export const Slot = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <div className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-2.5 tabular-nums">
    <div className="grid min-w-0 flex-1 basis-72 gap-0.5">{children}</div>
    {action}
  </div>
)

/** Whether the lead of the best checkpoint over another is more than chance. */
function OverOthers({ scores: { besideOthers, steps } }: { scores: Scores }) {
  const { pValue } = useFormat()
  const t = useTranslations('scores.besideOthers')
  if (!besideOthers) return null
  const { p, b } = besideOthers
  const step = steps.find(({ column }) => column === b)?.step ?? 0
  const values = { step, p: pValue(p), count: steps.length }
  return <> {t(p < SIGNIFICANT ? 'significant' : 'notSignificant', values)}</>
}

function OverBase({ scores: { base, besideBase } }: { scores: Scores }) {
  const { pValue } = useFormat()
  const t = useTranslations('scores.besideBase')
  const words = useScoreWords()
  if (!base || !besideBase) return null
  const { by, p } = besideBase
  const verdict = p >= SIGNIFICANT ? 'unsure' : by > 0 ? 'less' : 'more'
  return <> {t(verdict, { ...words(base), p: pValue(p) })}</>
}

/** The recommended checkpoint, with the numbers behind it. */
export function Best({ job, scores }: { job: JobDetail; scores: Scores }) {
  const t = useTranslations('scores')
  const words = useScoreWords()
  const { best, steps, lastIsBest } = scores
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
        {lastIsBest ? t('last') : t('earlier', { step: last.step, ...words(last.score) })}
        <OverOthers scores={scores} />
        <OverBase scores={scores} />
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

/** Progress of the scoring, or why it is paused. */
export function UnderWay({ evalId, state }: UnderWayProps) {
  const t = useTranslations('scores')
  const { data } = useQuery(evalQuery(evalId, { limit: 0 }))
  const cells = { done: data?.done ?? 0, cells: data?.cells ?? 0 }
  const [pause] = data?.pauses ?? []
  const say = useErrorWords()
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
          {say(pause)}
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
