'use client'
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Series, seriesColor } from '#components/ui/series.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { CrosshairTip, type Reading } from './crosshair-tip.tsx'
import {
  accuracyFoot,
  accuracyHead,
  accuracyPlot,
  captionHeight,
  type Frame,
  lossHeight,
  placeAt,
  scorePlot,
  xAt,
} from './geometry.ts'
import { readingsAt } from './paths.ts'
import { epochOf } from './scale.ts'
import { scoreAt, stepNear } from './series.ts'
import type { Curve, View } from './view.ts'

export interface CrosshairProps {
  view: View
  frame: Frame
  hasAccuracy: boolean
  /** The diagnosis, as text for screen readers. */
  label: string
  zoomed: boolean
  onRange: (range: [number, number] | null) => void
  /** Called on a click, or Enter, at a step. */
  onStep?: (step: number) => void
}

const moves: Record<string, (index: number, last: number) => number> = {
  ArrowLeft: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  PageUp: (index) => index + 10,
  PageDown: (index) => index - 10,
  Home: () => 0,
  End: (_, last) => last,
}

/** px of the line above a strip. */
const BORDER = 1

/** px that a pointer may move during a press that still counts as a click. */
const STILL = 5

function useReadings(view: View, main: Curve | undefined, step: number | null): Reading[] {
  const { fixed } = useFormat()
  const t = useTranslations('charts')
  if (step === null || !main) return []
  if (view.curves.length > 1) {
    const at = main.place(step)
    return view.curves.map((curve) => {
      const near = curve.steps[stepNear(curve.steps, curve.place, at)]
      const { train, smooth } = near === undefined ? { train: null, smooth: null } : readingsAt(curve, near)
      const { symbol, name, colour } = curve.run
      return {
        name: `${symbol} ${name}`,
        value: fixed(train ?? smooth),
        colour: seriesColor(colour as Series),
      }
    })
  }
  const { train, valid, fullValid, accuracy } = readingsAt(main, step)
  const score = scoreAt(main.run, main.steps, step)
  return [
    { name: t('train'), value: fixed(train) },
    { name: t('validation'), value: fixed(valid ?? fullValid) },
    ...(valid !== null && fullValid !== null ? [{ name: t('fullValidation'), value: fixed(fullValid) }] : []),
    ...(accuracy !== null ? [{ name: t('accuracyShort'), value: fixed(accuracy) }] : []),
    ...(score
      ? [
          { name: t('scoreShort'), value: score.said[0] },
          { name: t('interval'), value: score.said[1] },
        ]
      : []),
  ]
}

/** The curve that the arrow keys move along: the one with the most points. */
const mainOf = ({ curves }: View): Curve | undefined =>
  curves.reduce<Curve | undefined>(
    (most, curve) => (most && most.steps.length >= curve.steps.length ? most : curve),
    undefined,
  )

/**
 * A line that follows the pointer or the arrow keys, with the values at its step. Dragging, or Shift with the arrows,
 * selects a range; releasing the pointer, or Enter, zooms into it.
 */
export function Crosshair(props: CrosshairProps) {
  const { view, frame, hasAccuracy, label, zoomed, onRange, onStep } = props
  const t = useTranslations('charts')
  const main = useMemo(() => mainOf(view), [view])
  const steps = useMemo(
    () => main?.steps.filter((step) => main.place(step) >= view.x[0] && main.place(step) <= view.x[1]) ?? [],
    [main, view],
  )
  // Keeps steps rather than array indexes: a resampled curve has other indexes.
  const [at, setAt] = useState<number | null>(null)
  const [anchorStep, setAnchorStep] = useState<number | null>(null)
  const pressed = useRef<number | null>(null)
  const last = steps.length - 1
  const indexOf = (one: number | null) =>
    one === null || last < 0 ? null : stepNear(steps, (step) => step, one)
  const held = indexOf(at)
  const anchor = indexOf(anchorStep)
  const step = held === null ? null : (steps[held] ?? null)
  const setIndex = (index: number | null) => setAt(index === null ? null : (steps[index] ?? null))
  const setAnchor = (index: number | null) => setAnchorStep(index === null ? null : (steps[index] ?? null))
  const readings = useReadings(view, main, step)
  if (!main || last < 0) return null

  const pxOf = (at: number) => xAt(frame, view.x, main.place(at))
  const indexAt = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().x
    return stepNear(steps, main.place, placeAt(frame, view.x, x))
  }
  const zoom = (one: number, other: number) => {
    const [from, to] = [steps[Math.min(one, other)], steps[Math.max(one, other)]]
    setAnchor(null)
    if (from !== undefined && to !== undefined && to > from) onRange([main.place(from), main.place(to)])
  }
  const press = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    pressed.current = event.clientX
    setIndex(indexAt(event))
    setAnchor(indexAt(event))
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const release = (event: PointerEvent<HTMLDivElement>) => {
    const start = pressed.current
    pressed.current = null
    if (start === null || anchor === null) return
    const at = indexAt(event)
    if (Math.abs(event.clientX - start) > STILL && event.pointerType === 'mouse') return zoom(anchor, at)
    setAnchor(null)
    const here = steps[at]
    if (here !== undefined) onStep?.(here)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && held !== null) {
      event.preventDefault()
      if (anchor !== null && anchor !== held) return zoom(anchor, held)
      return step === null ? undefined : onStep?.(step)
    }
    if (event.key === 'Escape') {
      if (anchor !== null) return setAnchor(null)
      if (zoomed) return onRange(null)
      return setIndex(null)
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    const next = Math.max(0, Math.min(last, held === null ? last : move(held, last)))
    setAnchor(event.shiftKey ? (anchor ?? held ?? last) : null)
    setIndex(next)
  }

  const { stepsPerEpoch } = main.run
  const title = (at: number) =>
    stepsPerEpoch
      ? t('stepEpoch', { step: at, epoch: epochOf(at, stepsPerEpoch) })
      : t('stepOnly', { step: at })
  const here = step ?? steps[last]
  const x = step === null ? 0 : pxOf(step)
  const accuracyTop = lossHeight + captionHeight + accuracyHead
  const scoreTop =
    accuracyTop + (hasAccuracy ? accuracyPlot + accuracyFoot + accuracyHead + 2 * BORDER : BORDER)
  const chosen = anchor !== null && held !== null && anchor !== held ? [steps[anchor], steps[held]] : null
  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={steps[0]}
        aria-valuemax={steps[last]}
        aria-valuenow={here}
        aria-valuetext={
          here === undefined
            ? undefined
            : [title(here), ...readings.map(({ name, value }) => `${name} ${value}`)].join(', ')
        }
        onPointerMove={(event) => setIndex(indexAt(event))}
        onPointerDown={press}
        onPointerUp={release}
        onPointerCancel={() => {
          pressed.current = null
          setAnchor(null)
        }}
        onPointerLeave={() => pressed.current === null && setIndex(null)}
        onDoubleClick={() => onRange(null)}
        onKeyDown={key}
        onBlur={() => {
          setIndex(null)
          setAnchor(null)
        }}
        className="-outline-offset-2! absolute inset-0 touch-pan-y"
      />
      {chosen && (
        <div
          aria-hidden="true"
          className="pointer-events-none absolute bg-accent-soft opacity-70"
          style={{
            insetInlineStart: Math.min(...chosen.map((at) => pxOf(at ?? 0))),
            inlineSize: Math.abs(pxOf(chosen[1] ?? 0) - pxOf(chosen[0] ?? 0)),
            insetBlockStart: frame.top,
            blockSize: frame.bottom - frame.top,
          }}
        />
      )}
      {step !== null && (
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
          {view.curves.some(({ run }) => run.scores) && (
            <div
              className="absolute w-px bg-(--text-3)"
              style={{ insetInlineStart: x, insetBlockStart: scoreTop, blockSize: scorePlot }}
            />
          )}
          <CrosshairTip title={title(step)} {...{ readings, view, frame, x }} />
        </div>
      )}
    </>
  )
}
