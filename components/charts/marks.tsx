'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { type Series, seriesColor } from '#components/ui/series.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { type Frame, xAt, yAt } from './geometry.ts'
import { spread } from './scale.ts'
import { type Curve, heightOf, latestValue, type View } from './view.ts'

interface MarksProps {
  view: View
  frame: Frame
  selectedStep: number | null
}

interface EndLabel {
  key: string
  text: string
  y: number
  quiet?: boolean
  colour?: string
}

const yOf = ({ view, frame }: MarksProps, value: number) => yAt(frame, view.y.domain, heightOf(view, value))

const isInside = (view: View, at: number) => at >= view.x[0] && at <= view.x[1]

function useEndLabels(props: MarksProps): EndLabel[] {
  const t = useTranslations('charts')
  const { view } = props
  const several = view.curves.length > 1
  return view.curves.flatMap(({ run, valid }): EndLabel[] => {
    const last = run.series.smooth.value.at(-1) ?? run.series.trainLoss.value.at(-1)
    const lastValid = valid.value.at(-1)
    const colour = seriesColor(run.colour as Series)
    if (several)
      return last === undefined
        ? []
        : [{ key: run.id, text: `${run.symbol} ${run.name}`, y: yOf(props, last), colour }]
    return [
      ...(lastValid === undefined ? [] : [{ key: 'valid', text: t('validation'), y: yOf(props, lastValid) }]),
      ...(last === undefined ? [] : [{ key: 'train', text: t('train'), y: yOf(props, last) }]),
      ...(run.series.zeros > 0
        ? [
            {
              key: 'zero',
              text: t('atZero', { count: run.series.zeros }),
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
  return labels.map(({ key, text, y, quiet, colour }) => (
    <span
      key={key}
      data-word
      className="absolute max-w-20 -translate-y-1/2 truncate text-micro"
      style={{
        insetInlineStart: frame.right + 12,
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
        className="absolute size-2.5 -translate-1/2 rounded-full border-2 bg-surface"
        style={{
          insetInlineStart: x,
          insetBlockStart: y,
          borderColor: seriesColor(curve.run.colour as Series),
        }}
      />
      <span
        data-word
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
