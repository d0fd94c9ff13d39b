'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { type Series, seriesColor } from '#components/ui/series.ts'
import { type Frame, scorePlot, xAt } from './geometry.ts'
import type { ChartScore } from './series.ts'
import { ShareStrip, shareScale } from './share-strip.tsx'
import type { Curve, View } from './view.ts'

const heightAt = shareScale(scorePlot)

/** px of an interval's end caps to either side. */
const cap = 3

interface PointProps {
  score: ChartScore
  x: number
  colour: string
}

/** The score as a diamond with its interval as a whisker; the best score is filled. */
function Point({ score: { level, low, high, best }, x, colour }: PointProps) {
  const [upper, lower] = [heightAt(high), heightAt(low)]
  return (
    <g stroke={colour}>
      <path
        d={`M${x - cap} ${upper}h${2 * cap}M${x} ${upper}V${lower}M${x - cap} ${lower}h${2 * cap}`}
        strokeWidth={1.4}
        opacity={0.55}
      />
      <path
        d={`M${x} ${heightAt(level) - 4}l4 4l-4 4l-4 -4z`}
        strokeWidth={1.6}
        fill={best ? colour : 'var(--surface)'}
      />
    </g>
  )
}

interface BaseProps {
  level: number
  frame: Frame
  named: boolean
}

/** The base model's score on the same questions: the baseline for every checkpoint. */
function BaseLine({ level, frame, named }: BaseProps) {
  const t = useTranslations('charts')
  const y = heightAt(level)
  return (
    <>
      <line
        x1={frame.left}
        x2={frame.right}
        y1={y}
        y2={y}
        stroke="var(--base)"
        strokeWidth={1.2}
        strokeDasharray="2 3"
      />
      {named && !frame.narrow && (
        <text x={frame.right + 8} y={y + 4} className="fill-base-model text-micro">
          {t('base')}
        </text>
      )}
    </>
  )
}

const inside =
  ({ x: [low, high] }: View, { place }: Curve) =>
  (score: ChartScore) =>
    place(score.step) >= low && place(score.step) <= high

/** Scores of the checkpoints on held-out questions, each under the step at which it was saved. */
export const ScoreStrip = memo(function ScoreStrip({ view, frame }: { view: View; frame: Frame }) {
  const t = useTranslations('charts')
  return (
    <ShareStrip title={t('scoresOf')} height={scorePlot} frame={frame}>
      {view.curves.map(
        ({ run: { id, baseLevel } }) =>
          baseLevel !== undefined && (
            <BaseLine key={id} level={baseLevel} frame={frame} named={view.curves.length === 1} />
          ),
      )}
      {view.curves.map((curve) =>
        curve.run.scores
          ?.filter(inside(view, curve))
          .map((score) => (
            <Point
              key={`${curve.run.id} ${score.step}`}
              score={score}
              x={xAt(frame, view.x, curve.place(score.step))}
              colour={seriesColor(curve.run.colour as Series)}
            />
          )),
      )}
    </ShareStrip>
  )
})
