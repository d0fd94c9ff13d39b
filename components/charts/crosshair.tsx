'use client'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { fixed } from '#components/ui/format.ts'
import { CrosshairTip, type Reading } from './crosshair-tip.tsx'
import { accuracyHead, accuracyPlot, captionHeight, type Frame, lossHeight, stepAt, xAt } from './geometry.ts'
import { epochOf, nearest, type Point } from './scale.ts'
import type { View } from './view.ts'

export interface CrosshairProps {
  points: readonly Point[]
  view: View
  frame: Frame
  total: number
  stepsPerEpoch: number | null
  hasAccuracy: boolean
  /** The diagnosis, for who cannot see the line. */
  label: string
  /** Enter on a step. */
  onOpen: (step: number) => void
}

const moves: Record<string, (index: number, last: number) => number> = {
  ArrowLeft: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  PageUp: (index) => index + 10,
  PageDown: (index) => index - 10,
  Home: () => 0,
  End: (_, last) => last,
}

function useReadings(point: Point | undefined): Reading[] {
  const t = useTranslations('charts')
  if (!point) return []
  const { trainLoss, validLoss, fullValidLoss, accuracy } = point
  return [
    { name: t('train'), value: fixed(trainLoss) },
    { name: t('validation'), value: fixed(validLoss ?? fullValidLoss) },
    ...(validLoss !== null && fullValidLoss !== null
      ? [{ name: t('fullValidation'), value: fixed(fullValidLoss) }]
      : []),
    ...(accuracy !== null ? [{ name: t('accuracyShort'), value: fixed(accuracy) }] : []),
  ]
}

/** A line that follows the pointer or the arrow keys, and the numbers it crosses. */
export function Crosshair(props: CrosshairProps) {
  const { points, view, frame, total, stepsPerEpoch, hasAccuracy, label, onOpen } = props
  const t = useTranslations('charts')
  const [index, setIndex] = useState<number | null>(null)
  const last = points.length - 1
  const point = index === null ? undefined : points[Math.min(index, last)]
  const readings = useReadings(point)
  if (last < 0) return null

  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().x
    setIndex(nearest(points, stepAt(frame, total, x)))
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && point) return onOpen(point.step)
    if (event.key === 'Escape') return setIndex(null)
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    setIndex((now) => Math.max(0, Math.min(last, now === null ? last : move(now, last))))
  }

  const title = (step: number) =>
    stepsPerEpoch ? t('stepEpoch', { step, epoch: epochOf(step, stepsPerEpoch) }) : t('stepOnly', { step })
  const here = points[index === null ? last : Math.min(index, last)]
  const x = point ? xAt(frame, total, point.step) : 0
  const accuracyTop = lossHeight + captionHeight + accuracyHead
  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={points[0]?.step}
        aria-valuemax={points[last]?.step}
        aria-valuenow={here?.step}
        aria-valuetext={
          here && [title(here.step), ...readings.map(({ name, value }) => `${name} ${value}`)].join(', ')
        }
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => setIndex(null)}
        onKeyDown={press}
        onBlur={() => setIndex(null)}
        className="-outline-offset-2! absolute inset-0 touch-pan-y"
      />
      {point && (
        <div aria-hidden="true" className="pointer-events-none absolute inset-0">
          <div
            className="absolute w-px bg-(--text-3)"
            style={{ insetInlineStart: x, insetBlockStart: frame.top, blockSize: frame.bottom - frame.top }}
          />
          {hasAccuracy && (
            <div
              className="absolute w-px bg-(--text-3)"
              style={{ insetInlineStart: x, insetBlockStart: accuracyTop, blockSize: accuracyPlot }}
            />
          )}
          <CrosshairTip title={title(point.step)} {...{ readings, view, frame, total, x }} />
        </div>
      )}
    </>
  )
}
