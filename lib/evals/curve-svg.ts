import type { Locale } from '#lib/i18n/locale.ts'
import { translate } from '#lib/i18n/translate.ts'
import type { Line, Series } from '#lib/jobs/series-schema.ts'
import { type Html, html, joined } from './html.ts'

/** Everything in px of the drawing. */
const WIDTH = 640
const HEIGHT = 240
const LEFT = 44
const BOTTOM = 24
const TOP = 8

type Words = ReturnType<typeof translate<'report.loss'>>

interface Scale {
  x(step: number): number
  y(loss: number): number
}

const largest = (lines: readonly Line[]): number =>
  lines.reduce((most, { value }) => value.reduce((high, one) => Math.max(high, one), most), 0)

/** The scale starts at zero, which is drawn: a loss of exactly 0 is a valid point. */
function scaleOf({ from, to }: Series, most: number): Scale {
  const [width, height] = [WIDTH - LEFT - 8, HEIGHT - TOP - BOTTOM]
  return {
    x: (step) => LEFT + ((step - from) / Math.max(1, to - from)) * width,
    y: (loss) => TOP + height - (loss / (most || 1)) * height,
  }
}

const round = (value: number): number => Math.round(value * 10) / 10

function path({ step, value }: Line, className: string, { x, y }: Scale): Html {
  if (step.length === 0) return html``
  const points = step.map((at, index) => `${round(x(at))},${round(y(value[index] ?? 0))}`).join(' ')
  const dot =
    step.length === 1
      ? html`<circle cx="${round(x(step[0] ?? 0))}" cy="${round(y(value[0] ?? 0))}" r="2" class="${className}"/>`
      : html``
  return html`<polyline points="${points}" fill="none" stroke-width="1.5" class="${className}"/>${dot}`
}

function axis(t: Words, { from, to }: Series, most: number, { x, y }: Scale): Html {
  const label = (at: number) =>
    html`<text x="${LEFT - 6}" y="${round(y(at)) + 4}" text-anchor="end">${at.toFixed(2)}</text>
<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${round(y(at))}" y2="${round(y(at))}" stroke="currentColor" stroke-opacity=".2"/>`
  const step = (at: number, anchor: string) =>
    html`<text x="${round(x(at))}" y="${HEIGHT - 6}" text-anchor="${anchor}">${t('step', { step: at })}</text>`
  return joined([...[0, most / 2, most].map(label), step(from, 'start'), step(to, 'end')])
}

/** Training and validation loss over the steps of a job, as an SVG without scripts. */
export function curveSvg(series: Series, locale: Locale): Html {
  const t = translate('report.loss', locale)
  const valid = series.fullValidLoss.step.length > 0 ? series.fullValidLoss : series.validLoss
  const most = largest([series.trainLoss, valid])
  const scale = scaleOf(series, most)
  const legend = t('legend', { count: series.count, zeros: series.zeros })
  return html`<svg direction="ltr" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${t('label')}" font-size="11" fill="currentColor">
${axis(t, series, most, scale)}${path(series.trainLoss, 'train', scale)}${path(valid, 'valid', scale)}</svg>
<p><small>${legend}</small></p>`
}
