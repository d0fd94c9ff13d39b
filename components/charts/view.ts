import { plotHeight } from './geometry.ts'
import {
  leastOf,
  linearScale,
  logScale,
  type Point,
  type Sample,
  type ScaleKind,
  samplesOf,
  smoothed,
  thinned,
  type YScale,
  zerosIn,
} from './scale.ts'

/** One x of the plot; heights are in axis units, and only those that are drawn there exist. */
interface Row {
  step: number
  raw?: number
  smooth?: number
  valid?: number
  validRaw?: number
  zero?: number
}

export interface View {
  scale: YScale
  rows: Row[]
  train: Sample[]
  /** Of whole epochs where the provider measures them, else of single steps. */
  valid: Sample[]
  best: Sample | null
  /** Axis units where the line of the training ends. */
  trainEnd: number | null
  zeros: number
}

const smoothWeight = 0.6

function merged(lines: readonly [Exclude<keyof Row, 'step'>, readonly Sample[]][], y: YScale['y']): Row[] {
  const rows = new Map<number, Row>()
  for (const [name, samples] of lines)
    for (const { step, value } of thinned(samples))
      rows.set(step, { ...(rows.get(step) ?? { step }), [name]: y(value) })
  return [...rows.values()].sort((a, b) => a.step - b.step)
}

/** Everything the loss plot draws, computed from every point; only what is drawn is thinned. */
export function viewOf(points: readonly Point[], kind: ScaleKind, smooth: boolean): View {
  const train = samplesOf(points, 'trainLoss')
  const full = samplesOf(points, 'fullValidLoss')
  const perStep = samplesOf(points, 'validLoss')
  const valid = full.length > 0 ? full : perStep
  const values = [...train, ...valid, ...perStep].map(({ value }) => value)
  const scale = kind === 'log' ? logScale(values, plotHeight) : linearScale(values)
  const zeros = zerosIn(train)
  const smoothLine = smooth ? smoothed(train, smoothWeight) : []
  const end = smoothLine.at(-1) ?? train.at(-1)
  const rows = merged(
    [
      ['raw', train],
      ['smooth', smoothLine],
      ['valid', valid],
      ['validRaw', full.length > 0 && perStep.length > full.length ? perStep : []],
      ['zero', zeros],
    ],
    scale.y,
  )
  return {
    scale,
    rows,
    train,
    valid,
    best: valid.length > 1 ? leastOf(valid) : null,
    trainEnd: end ? scale.y(end.value) : null,
    zeros: zeros.length,
  }
}
