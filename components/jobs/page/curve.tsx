'use client'
import { useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { LossChart } from '#components/charts/loss-chart.tsx'
import type { ChartScore, ChartSeries } from '#components/charts/series.ts'
import { intervalOf, useScoreWords } from '#components/evals/scores-words.ts'
import { useScores } from '#components/evals/use-scores.ts'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import type { Scores } from '#lib/evals/schema.ts'
import { levelOf } from '#lib/evals/scoring.ts'
import { filesOf, jobName } from '#lib/jobs/job-name.ts'
import { curvesAddress } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { isActive, isTerminal } from '#lib/jobs/status.ts'
import { axisSteps } from '../axis-steps.ts'
import { runSymbol } from '../job-tile.tsx'
import { useSeries } from '../use-series.ts'
import type { RunView } from './address.ts'
import { checkpointAddress, rowsOf } from './checkpoint-rows.ts'

/** Width in px for the first request, before the plot is measured. */
const FIRST_WIDTH = 800

const NONE = { step: [], value: [] }

const EMPTY: ChartSeries = {
  ...{ from: 0, to: 0, count: 0, sampled: false, zeros: 0, typical: null, best: null },
  ...{ trainLoss: NONE, smooth: NONE, validLoss: NONE, fullValidLoss: NONE },
  ...{ accuracy: NONE, validAccuracy: NONE, clock: NONE },
}

/** Why no curve will appear; null if there is one or it may still come. */
function whyNoCurve({ status, states, pointCount }: JobDetail): 'nothingKnown' | 'noSteps' | null {
  if (pointCount > 0 || states.some((state) => state.status === 'running')) return null
  if (status === 'unknown') return 'nothingKnown'
  return isTerminal(status) && status !== 'succeeded' ? 'noSteps' : null
}

type Words = ReturnType<typeof useScoreWords>

/** The available scores by step; nothing if no scores are expected. */
function chartScores({ steps, best, base }: Scores, words: Words) {
  if (steps.length === 0) return {}
  const scores = steps.flatMap(({ step, score }): ChartScore[] => {
    const level = levelOf(score)
    if (level === null) return []
    const said = words(score)
    return [{ step, level, ...intervalOf(score), best: step === best, said: [said.level, said.interval] }]
  })
  const baseLevel = base && levelOf(base)
  return { scores, ...(baseLevel !== null && { baseLevel }) }
}

interface CurveProps {
  job: JobDetail
  label: string
  view: RunView
  onView: (part: Partial<RunView>) => void
}

function Chart({ job, label, view, onView }: CurveProps) {
  const t = useTranslations('jobs')
  const charts = useTranslations('charts')
  const [width, setWidth] = useState(FIRST_WIDTH)
  const { series, error, refetch, isFetching } = useSeries(job, { ...view, width })
  const checkpoints = useMemo(
    () =>
      rowsOf(job).map(({ step, model }) => ({
        step,
        label: t('compareCheckpoint', { step }),
        href: checkpointAddress(job, model),
      })),
    [job, t],
  )
  const { data: scored } = useScores(job)
  const words = useScoreWords()
  const scores = useMemo(() => scored && chartScores(scored, words), [scored, words])
  const runs = useMemo(() => {
    const { id, number, stepsPerEpoch } = job
    const run = {
      id,
      name: jobName(job),
      symbol: runSymbol(number),
      colour: 1,
      totalSteps: axisSteps(job),
      stepsPerEpoch,
      checkpoints,
    }
    return [{ ...run, series: series ?? EMPTY, ...scores }]
  }, [job, series, checkpoints, scores])
  if (error && !series) return <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
  return (
    <LossChart
      runs={runs}
      by="step"
      range={view.range}
      onRange={(range) => onView({ range })}
      smooth={view.smooth}
      onSmooth={(smooth) => onView({ smooth })}
      running={isActive(job.status)}
      label={label}
      onWidth={setWidth}
      selectedStep={view.step}
      onStep={(step) => onView({ step })}
      exportName={filesOf([job])}
      exportTitle={`${jobName(job)} ${job.number}: ${charts('loss')}`}
      csvHref={curvesAddress([job.id])}
    />
  )
}

/** The curve of the job, or why there is none. */
export function Curve(props: CurveProps) {
  const t = useTranslations()
  const why = whyNoCurve(props.job)
  if (why === null) return <Chart {...props} />
  return (
    <Panel aria-label={t('charts.loss')}>
      <PanelHead title={t('charts.loss')} />
      <p className="px-4 py-5 text-3">{t(`jobs.page.${why}`)}</p>
    </Panel>
  )
}
