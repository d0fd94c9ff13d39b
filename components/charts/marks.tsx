'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { type Series, seriesColor } from '#components/ui/series.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { type Frame, xAt, yAt } from './geometry.ts'
import { spread } from './scale.ts'
import type { Line } from './series.ts'
import { type Curve, heightOf, latestValue, type View } from './view.ts'

interface MarksProps {
  view: View
  frame: Frame
  selectedStep: number | null
}

interface EndLabel {
  key: string
  text: string
  /** px of the end of its line. */
  x: number
  y: number
  quiet?: boolean
  colour?: string
}

const yOf = ({ view, frame }: MarksProps, value: number) => yAt(frame, view.y.domain, heightOf(view, value))

const isInside = (view: View, at: number) => at >= view.x[0] && at <= view.x[1]

/** The last point of a line, with its value as text. */
function useEnd(props: MarksProps) {
  const { fixed } = useFormat()
  const { view, frame } = props
  return ({ place }: Curve, { step, value }: Line) => {
    const [lastStep, last] = [step.at(-1), value.at(-1)]
    if (lastStep === undefined || last === undefined) return null
    // Of a zoomed curve the sample reaches beyond the plot.
    const x = Math.min(frame.right, xAt(frame, view.x, place(lastStep)))
    return { x, y: yOf(props, last), said: fixed(last) }
  }
}

function useEndLabels(props: MarksProps): EndLabel[] {
  const t = useTranslations('charts')
  const endOf = useEnd(props)
  const { view } = props
  const several = view.curves.length > 1
  return view.curves.flatMap((curve): EndLabel[] => {
    const { run, valid } = curve
    const { smooth, trainLoss, zeros } = run.series
    const train = endOf(curve, smooth.value.length > 0 ? smooth : trainLoss)
    if (several) {
      const colour = seriesColor(run.colour as Series)
      return train ? [{ key: run.id, text: `${run.symbol} ${train.said}`, ...train, colour }] : []
    }
    const validation = endOf(curve, valid)
    const zero = zeros > 0 ? endOf(curve, trainLoss) : null
    return [
      ...(validation
        ? [{ key: 'valid', text: t('ends.validation', { value: validation.said }), ...validation }]
        : []),
      ...(train ? [{ key: 'train', text: t('ends.train', { value: train.said }), ...train }] : []),
      ...(zero
        ? [
            {
              key: 'zero',
              text: t('atZero', { count: zeros }),
              x: zero.x,
              y: yOf(props, 0) + 0.5,
              quiet: true,
            },
          ]
        : []),
    ]
  })
}

function EndLabels(props: MarksProps) {
  const { frame } = props
  const labels = spread(useEndLabels(props), 15, frame.bottom - 4)
  return labels.map(({ key, text, x, y, quiet, colour }) => (
    <span
      key={key}
      data-word
      className="absolute max-w-21 -translate-y-1/2 truncate rounded-xs bg-surface/80 px-0.5 text-micro tabular-nums"
      style={{
        insetInlineStart: x + 10,
        insetBlockStart: y,
        color: colour ?? (quiet ? 'var(--text-2)' : undefined),
      }}
    >
      {text}
    </span>
  ))
}

function BestMark({ curve, ...props }: MarksProps & { curve: Curve }) {
  const { fixed } = useFormat()
  const t = useTranslations('charts')
  const { view, frame } = props
  const { best } = curve.run.series
  if (!best || curve.valid.step.length < 2 || !isInside(view, curve.place(best.step))) return null
  const [x, y] = [xAt(frame, view.x, curve.place(best.step)), yOf(props, best.value)]
  return (
    <>
      <span
        className="absolute w-0 border-(--text-3) border-s border-dotted"
        style={{ insetInlineStart: x, insetBlockStart: frame.top, blockSize: Math.max(0, y - frame.top) }}
      />
      <span
        data-mark="ring"
        className="absolute size-2.5 -translate-1/2 rounded-full border-2 bg-surface"
        style={{
          insetInlineStart: x,
          insetBlockStart: y,
          borderColor: seriesColor(curve.run.colour as Series),
        }}
      />
      <span
        data-word
        className="absolute -translate-x-1/2 whitespace-nowrap px-1 text-micro tabular-nums"
        style={{
          insetInlineStart: Math.min(Math.max(x, frame.left + 62), frame.right - 50),
          // Above the line of the grid.
          insetBlockStart: frame.top - 18,
        }}
      >
        {t('bestValidation', { value: fixed(best.value) })}
      </span>
    </>
  )
}

function SelectedMark({ curve, ...props }: MarksProps & { curve: Curve }) {
  const { view, frame, selectedStep } = props
  if (selectedStep === null || !isInside(view, curve.place(selectedStep))) return null
  return (
    <span
      className="absolute w-0.5 -translate-x-1/2 bg-accent"
      style={{
        insetInlineStart: xAt(frame, view.x, curve.place(selectedStep)),
        insetBlockStart: frame.top,
        blockSize: frame.bottom - frame.top,
      }}
    />
  )
}

function Diamonds({ curve, ...props }: MarksProps & { curve: Curve }) {
  const { view, frame } = props
  const shown = curve.run.checkpoints.filter(({ step }) => isInside(view, curve.place(step)))
  return shown.map(({ step, label, href }) => {
    const value = latestValue(curve, step)
    return (
      <Link
        key={step}
        href={href}
        title={label}
        aria-label={label}
        className="absolute z-10 grid size-6 -translate-1/2 place-items-center rounded-sm"
        style={{
          insetInlineStart: xAt(frame, view.x, curve.place(step)),
          insetBlockStart: value === null ? frame.top : yOf(props, value),
        }}
      >
        <span
          data-mark="diamond"
          className="size-2 rotate-45 ring-[1.5px] ring-surface"
          style={{ background: seriesColor(curve.run.colour as Series) }}
        />
      </Link>
    )
  })
}

/** Labelled marks on the plot: line ends, the best validation loss, checkpoints as links. */
export function Marks(props: MarksProps) {
  const { view, frame } = props
  const [only, ...others] = view.curves
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0">
        {only && <SelectedMark {...props} curve={only} />}
        {!frame.narrow && <EndLabels {...props} />}
        {only && others.length === 0 && <BestMark {...props} curve={only} />}
      </div>
      {view.curves.map((curve) => (
        <Diamonds key={curve.run.id} {...props} curve={curve} />
      ))}
    </>
  )
}
