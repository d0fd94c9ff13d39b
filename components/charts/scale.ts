/** One step of a training, as far as the provider told it. */
export interface Point {
  step: number
  trainLoss: number | null
  validLoss: number | null
  fullValidLoss: number | null
  /** Share of tokens guessed right, 0–1. */
  accuracy: number | null
}

export type Metric = Exclude<keyof Point, 'step'>

/** One value of one series; a series holds only what exists. */
export interface Sample {
  step: number
  value: number
}

export interface Tick {
  at: number
  label: string
}

export type ScaleKind = 'linear' | 'log'

/** Where a value is drawn, and the words beside the axis. */
export interface YScale {
  kind: ScaleKind
  domain: [number, number]
  ticks: Tick[]
  /** Top of the gutter of zeros, in axis units; equal to the bottom on a linear axis. */
  floor: number
  y: (value: number) => number
}

export const samplesOf = (points: readonly Point[], metric: Metric): Sample[] =>
  points.flatMap(({ step, [metric]: value }) => (value === null ? [] : [{ step, value }]))

const extremesOf = (bucket: readonly Sample[]): Sample[] => {
  const [first] = bucket
  if (!first) return []
  const least = bucket.reduce((a, b) => (b.value < a.value ? b : a), first)
  const most = bucket.reduce((a, b) => (b.value > a.value ? b : a), first)
  if (least === most) return [least]
  return least.step < most.step ? [least, most] : [most, least]
}

/**
 * At most `limit` samples, by buckets of equal count that keep their least and their greatest: a spike of one step
 * in a hundred thousand stays. All of them when they are few. The first and the last always stay.
 */
export function thinned(samples: readonly Sample[], limit = 1000): readonly Sample[] {
  if (samples.length <= limit) return samples
  const inner = samples.slice(1, -1)
  const buckets = Math.floor((limit - 2) / 2)
  const kept = Array.from({ length: buckets }, (_, index) => {
    const from = Math.floor((index * inner.length) / buckets)
    return extremesOf(inner.slice(from, Math.floor(((index + 1) * inner.length) / buckets)))
  })
  return [samples.slice(0, 1), ...kept, samples.slice(-1)].flat()
}

const metrics = ['trainLoss', 'validLoss', 'fullValidLoss', 'accuracy'] as const

/** The points that survive thinning in any of their series: what is drawn, and what the table shows. */
export function drawn(points: readonly Point[], limit = 1000): readonly Point[] {
  if (points.length <= limit) return points
  const steps = new Set(
    metrics.flatMap((metric) => thinned(samplesOf(points, metric), limit).map(({ step }) => step)),
  )
  return points.filter(({ step }) => steps.has(step))
}

/** Exponential moving average without the pull towards its start (Adam's correction, Kingma & Ba 2015, §3). */
export function smoothed(samples: readonly Sample[], weight = 0.6): Sample[] {
  let mean = 0
  return samples.map(({ step, value }, index) => {
    mean = weight * mean + (1 - weight) * value
    return { step, value: mean / (1 - weight ** (index + 1)) }
  })
}

export const zerosIn = (samples: readonly Sample[]) => samples.filter(({ value }) => value === 0)

export const leastOf = (samples: readonly Sample[]): Sample | null =>
  samples.reduce<Sample | null>((best, sample) => (best && best.value <= sample.value ? best : sample), null)

/** 1, 2 or 5 times a power of ten, not under `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const times = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10
  return times * power
}

const range = (from: number, to: number, step: number) =>
  Array.from(
    { length: Math.max(0, Math.floor((to - from) / step + 1e-9) + 1) },
    (_, index) => from + index * step,
  )

const decade = (power: number) => (power < -3 ? `1e${power}` : String(Number(`1e${power}`)))

/** From zero, always: a loss axis that starts elsewhere lies. */
export function linearScale(values: readonly number[]): YScale {
  const most = Math.max(0, ...values)
  const step = niceStep((most || 1) / 4)
  const top = Math.max(step, Math.ceil(most / step - 1e-9) * step)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return {
    kind: 'linear',
    domain: [0, top],
    ticks: range(0, top, step).map((at) => ({ at, label: at === 0 ? '0' : at.toFixed(digits) })),
    floor: 0,
    y: (value) => value,
  }
}

/**
 * Decades, and under them a gutter for what is exactly zero. Axis units are decades; positive values never fall into
 * the gutter, zero never leaves its row.
 * @param height px of the plot, so that the gutter is always `gutter` px high
 */
export function logScale(values: readonly number[], height: number, gutter = 34): YScale {
  const positive = values.filter((value) => value > 0)
  const floor = positive.length > 0 ? Math.floor(Math.log10(Math.min(...positive))) : -2
  const top = positive.length > 0 ? Math.max(floor + 1, Math.ceil(Math.log10(Math.max(...positive)))) : 1
  const depth = (gutter * (top - floor)) / (height - gutter)
  const zeroRow = floor - depth / 2
  const every = Math.ceil((top - floor) / 6)
  return {
    kind: 'log',
    domain: [floor - depth, top],
    ticks: [
      { at: zeroRow, label: '0' },
      ...range(floor, top, every).map((power) => ({ at: power, label: decade(power) })),
    ],
    floor,
    y: (value) => (value > 0 ? Math.log10(Math.max(value, 10 ** floor)) : zeroRow),
  }
}

/** 1, then round numbers, then the last step, without two labels closer than half a gap. */
export function stepTicks(total: number, wanted = 5): Tick[] {
  const step = Math.max(1, niceStep(total / wanted))
  const round = range(step, total, step).filter((at) => at > 1 && total - at > step / 2)
  return [1, ...round, ...(total > 1 ? [total] : [])].map((at) => ({ at, label: at.toLocaleString('en') }))
}

/** Ends of epochs, named by their number, for more epochs than bands can show. */
export function epochTicks(total: number, stepsPerEpoch: number, wanted = 6): Tick[] {
  const epochs = Math.round(total / stepsPerEpoch)
  const every = Math.max(1, niceStep(epochs / wanted))
  return range(every, epochs, every).map((epoch) => ({ at: epoch * stepsPerEpoch, label: String(epoch) }))
}

/** Every second epoch, from the first step to the last. */
export function epochBands(total: number, stepsPerEpoch: number): [number, number][] {
  return range(0, total, stepsPerEpoch * 2)
    .map((start): [number, number] => [Math.max(1, start), Math.min(total, start + stepsPerEpoch)])
    .filter(([from, to]) => to > from)
}

export const epochOf = (step: number, stepsPerEpoch: number) => Math.max(1, Math.ceil(step / stepsPerEpoch))

/** Index of the point whose step is nearest; points are in order of their steps. */
export function nearest(points: readonly { step: number }[], step: number): number {
  let [low, high] = [0, points.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.step ?? 0) < step) low = middle + 1
    else high = middle
  }
  const before = points[low - 1]
  const here = points[low]
  return before && here && step - before.step <= here.step - step ? low - 1 : low
}

/** Pushes labels apart to at least `gap`, from the top down, then back up from `bottom`. Order is kept. */
export function spread<Label extends { y: number }>(
  labels: readonly Label[],
  gap: number,
  bottom: number,
): Label[] {
  const sorted = labels.toSorted((a, b) => a.y - b.y).map((label) => ({ ...label }))
  sorted.forEach((label, index) => {
    const above = sorted[index - 1]
    if (above) label.y = Math.max(label.y, above.y + gap)
  })
  sorted.toReversed().forEach((label, index, upwards) => {
    const below = upwards[index - 1]
    label.y = Math.min(label.y, below ? below.y - gap : bottom)
  })
  return sorted
}
