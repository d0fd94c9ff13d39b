import { lowerBound } from '#lib/core/lower-bound.ts'
import { type Columns, lineOf, minMax, present, rounded, smoothed, spread } from './metric-columns.ts'
import type { Line, Point, Series } from './series-schema.ts'

const MEASURES = ['trainLoss', 'validLoss', 'fullValidLoss', 'accuracy', 'validAccuracy'] as const
type Measure = (typeof MEASURES)[number]

/** Steps whose time is sent. */
const CLOCK = 64

/** Of a sampled line: a wider plot would show nothing more. */
const MOST_BUCKETS = 800

const LOSSES = ['trainLoss', 'validLoss', 'fullValidLoss'] as const

function typicalOf(columns: Columns, from: number, to: number): [number, number] | null {
  const losses = new Float64Array((to - from) * LOSSES.length)
  let count = 0
  for (const name of LOSSES)
    for (const value of columns[name].subarray(from, to)) if (!Number.isNaN(value)) losses[count++] = value
  return spread(losses.subarray(0, count))
}

/** The least value of a column. */
function leastIn({ step }: Columns, values: Float64Array): { step: number; value: number } | null {
  let best: number | null = null
  values.forEach((value, index) => {
    if (!Number.isNaN(value) && (best === null || value < (values[best] ?? 0))) best = index
  })
  return best === null ? null : { step: step[best] ?? 0, value: values[best] ?? 0 }
}

const bestOf = (columns: Columns) =>
  leastIn(columns, columns.fullValidLoss) ?? leastIn(columns, columns.validLoss)

/** Times of evenly picked steps in a range; the clock begins with the job. */
function clockOf({ step, at }: Columns, from: number, to: number): Pick<Series, 'began' | 'clock'> {
  const known = present(at, from, to)
  const start = at.find((time) => !Number.isNaN(time))
  if (start === undefined) return { began: null, clock: { step: [], value: [] } }
  const every = Math.max(1, (known.length - 1) / (CLOCK - 1))
  const picked = Array.from(
    { length: Math.min(CLOCK, known.length) },
    (_, n) => known[Math.round(n * every)] ?? 0,
  )
  const clock = {
    step: picked.map((index) => step[index] ?? 0),
    value: picked.map((index) => (at[index] ?? 0) - start),
  }
  return { began: start, clock }
}

export interface Sampling {
  /** Steps, both ends included; the whole job without them. */
  from?: number
  to?: number
  /** px of the plot. */
  width: number
  /** Weight of the moving average, 0 to 0.99. */
  smooth: number
}

/**
 * A curve for a plot of `width` px, computed from every point. Smoothed loss and accuracy change slowly and validation
 * is rare: fewer buckets suffice for them, and 100,000 steps stay under 20 KB.
 */
export function seriesOf(columns: Columns, { from, to, width, smooth }: Sampling): Series {
  const { step } = columns
  const start = from === undefined ? 0 : lowerBound(step, from)
  const end = to === undefined ? step.length : lowerBound(step, to + 1)
  const sampled = end - start > width
  const pick = (values: Float64Array, buckets: number): Line =>
    lineOf(minMax(present(values, start, end), step, values, buckets), step, values)
  const buckets = sampled ? Math.min(width, MOST_BUCKETS) : width
  const [half, quarter] = sampled ? [Math.ceil(buckets / 2), Math.ceil(buckets / 4)] : [width, width]
  const zeros = present(columns.trainLoss, start, end).filter(
    (index) => columns.trainLoss[index] === 0,
  ).length
  return {
    from: from ?? step[0] ?? 0,
    to: to ?? step.at(-1) ?? 0,
    count: end - start,
    sampled,
    trainLoss: pick(columns.trainLoss, buckets),
    smooth: pick(smoothed(columns.trainLoss, smooth), quarter),
    validLoss: pick(columns.validLoss, half),
    fullValidLoss: pick(columns.fullValidLoss, half),
    accuracy: pick(columns.accuracy, quarter),
    validAccuracy: pick(columns.validAccuracy, quarter),
    zeros,
    typical: typicalOf(columns, start, end),
    best: bestOf(columns),
    ...clockOf(columns, start, end),
  }
}

/** Index of the first of the sorted steps that is not below `wanted`. */
const placeOf = (step: readonly number[], wanted: number): number => {
  const behind = step.findLastIndex((one) => one < wanted)
  return behind + 1
}

const knownLine = (points: readonly Point[], read: (point: Point) => number | null): Line => {
  const known = points.filter((point) => read(point) !== null)
  return { step: known.map(({ step }) => step), value: known.map((point) => rounded(read(point) ?? 0)) }
}

/** The line with later values, appended or replacing those of the same step. */
function extended(line: Line, later: Line): Line {
  if (later.step.length === 0) return line
  const [step, value] = [[...line.step], [...line.value]]
  later.step.forEach((one, index) => {
    const place = placeOf(step, one)
    const known = step[place] === one ? 1 : 0
    step.splice(place, known, one)
    value.splice(place, known, later.value[index] ?? 0)
  })
  return { step, value }
}

/** Continues the moving average of `count` values from its last one. */
function averagedOn(smooth: Line, losses: Line, weight: number, count: number): Line {
  const begin = placeOf(losses.step, (smooth.step.at(-1) ?? -1) + 1)
  let share = weight ** count
  let mean = (smooth.value.at(-1) ?? 0) * (1 - share)
  const value = losses.value.slice(begin).map((loss) => {
    mean = weight * mean + (1 - weight) * loss
    share *= weight
    return rounded(mean / (1 - share))
  })
  return { step: [...smooth.step, ...losses.step.slice(begin)], value: [...smooth.value, ...value] }
}

/** Number of losses behind the average: those before the range are assumed to be as dense as those in it. */
function averagedIn({ sampled, count, smooth, from, to }: Series): number {
  const known = sampled ? count : smooth.step.length
  return known + (Math.max(0, from - 1) * known) / (to - from + 1)
}

const leastOf = ({ step, value }: Line, known: Series['best']): Series['best'] =>
  value.reduce(
    (best, one, index) => (best === null || one < best.value ? { step: step[index] ?? 0, value: one } : best),
    known,
  )

/** Once the whole validation file has been measured, its loss replaces that of its batches. */
function bestWith({ best, fullValidLoss }: Series, later: Record<Measure, Line>): Series['best'] {
  const known = fullValidLoss.step.length > 0
  if (later.fullValidLoss.step.length > 0) return leastOf(later.fullValidLoss, known ? best : null)
  return known ? best : leastOf(later.validLoss, best)
}

/** Points per px that a growing line may hold before it is thinned again. */
const ROOM = 8

function thinned(line: Line, width: number): Line {
  if (line.step.length <= width * ROOM) return line
  const [step, values] = [Int32Array.from(line.step), Float64Array.from(line.value)]
  return lineOf(minMax([...line.step.keys()], step, values, width), step, values)
}

/**
 * Adds points that came since to a series, for a page that shows a running job. Precision and extremes are kept however
 * long the line grows, and the average continues from its last value.
 * @param points in order of their steps; known ones may be among them
 * @param smooth weight that the series was asked for with
 * @param width px of the plot
 */
export function appendPoints(
  series: Series,
  points: readonly Point[],
  smooth: number,
  width: number,
): Series {
  const inRange = points.filter(({ step }) => step >= series.from)
  if (inRange.length === 0) return series
  const fresh = series.count === 0 ? inRange : inRange.filter(({ step }) => step > series.to)
  const ofEach = (make: (name: Measure) => Line) =>
    Object.fromEntries(MEASURES.map((name) => [name, make(name)])) as Record<Measure, Line>
  const later = ofEach((name) => knownLine(inRange, (point) => point[name]))
  const grown = ofEach((name) => extended(series[name], later[name]))
  const lines = ofEach((name) => thinned(grown[name], width))
  const began = series.began ?? inRange.find(({ at }) => at !== null)?.at ?? null
  const times = fresh.flatMap(({ step, at }) =>
    at === null || began === null ? [] : [[step, at - began] as const],
  )
  const clock = { step: times.map(([step]) => step), value: times.map(([, time]) => time) }
  return {
    from: series.count === 0 ? (inRange[0]?.step ?? 0) : series.from,
    to: Math.max(series.to, inRange.at(-1)?.step ?? 0),
    count: series.count + fresh.length,
    sampled: series.sampled || MEASURES.some((name) => lines[name] !== grown[name]),
    ...lines,
    smooth: thinned(averagedOn(series.smooth, later.trainLoss, smooth, averagedIn(series)), width),
    zeros: series.zeros + fresh.filter(({ trainLoss }) => trainLoss === 0).length,
    typical: spread(Float64Array.from(LOSSES.flatMap((name) => lines[name].value))),
    best: bestWith(series, later),
    began,
    clock: thinned(extended(series.clock, clock), CLOCK),
  }
}
