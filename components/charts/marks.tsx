'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { fixed } from '#components/ui/format.ts'
import { type Frame, xAt, yAt } from './geometry.ts'
import { type Sample, spread } from './scale.ts'
import type { View } from './view.ts'

export interface Checkpoint {
  step: number
  label: string
  href: string
}

interface MarksProps {
  view: View
  frame: Frame
  total: number
  checkpoints: readonly Checkpoint[]
}

const valueAt = (samples: readonly Sample[], step: number) =>
  samples.find((sample) => sample.step === step)?.value

/** On the validation line; on the train line where there is none. */
const heightOf = ({ view, frame }: MarksProps, step: number) => {
  const value = valueAt(view.valid, step) ?? valueAt(view.train, step)
  return value === undefined ? frame.top : yAt(frame, view.scale.domain, view.scale.y(value))
}

function EndLabels({ view, frame }: MarksProps) {
  const t = useTranslations('charts')
  const y = (at: number) => yAt(frame, view.scale.domain, at)
  const lastValid = view.valid.at(-1)
  const named = [
    lastValid && { y: y(view.scale.y(lastValid.value)), text: t('validation') },
    view.trainEnd !== null && { y: y(view.trainEnd), text: t('train') },
    view.zeros > 0 && { y: y(view.scale.y(0)) + 0.5, text: t('atZero', { count: view.zeros }), quiet: true },
  ]
  const labels = spread(
    named.filter((label) => label !== undefined && label !== false),
    15,
    frame.bottom - 4,
  )
  return labels.map(({ text, y: top, quiet }) => (
    <span
      key={text}
      className={
        quiet ? 'absolute -translate-y-1/2 text-2 text-micro' : 'absolute -translate-y-1/2 text-micro'
      }
      style={{ insetInlineStart: frame.right + 12, insetBlockStart: top }}
    >
      {text}
    </span>
  ))
}

function BestMark({ view, frame, total }: MarksProps) {
  const t = useTranslations('charts')
  const { best } = view
  if (!best) return null
  const x = xAt(frame, total, best.step)
  return (
    <>
      <span
        className="absolute size-2.5 -translate-1/2 rounded-full border-2 border-series-1 bg-surface"
        style={{
          insetInlineStart: x,
          insetBlockStart: yAt(frame, view.scale.domain, view.scale.y(best.value)),
        }}
      />
      <span
        className="absolute -translate-x-1/2 whitespace-nowrap bg-surface px-1 text-micro tabular-nums"
        style={{
          insetInlineStart: Math.min(Math.max(x, frame.left + 62), frame.right - 50),
          insetBlockStart: frame.top - 8,
        }}
      >
        {t('bestValidation', { value: fixed(best.value) })}
      </span>
    </>
  )
}

/** Everything with a name that stands on the plot: ends of lines, the best validation, checkpoints as links. */
export function Marks(props: MarksProps) {
  const { frame, total, checkpoints } = props
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0">
        {!frame.narrow && <EndLabels {...props} />}
        <BestMark {...props} />
      </div>
      {checkpoints.map((checkpoint) => (
        <Link
          key={checkpoint.step}
          href={checkpoint.href}
          title={checkpoint.label}
          aria-label={checkpoint.label}
          className="absolute z-10 grid size-6 -translate-1/2 place-items-center rounded-sm"
          style={{
            insetInlineStart: xAt(frame, total, checkpoint.step),
            insetBlockStart: heightOf(props, checkpoint.step),
          }}
        >
          <span className="size-2 rotate-45 bg-series-1 ring-[1.5px] ring-surface" />
        </Link>
      ))}
    </>
  )
}
