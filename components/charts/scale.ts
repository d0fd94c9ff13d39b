export interface Tick {
  at: number
  label: string
}

export type ScaleKind = 'linear' | 'log'

/** Maps a value to axis units, and labels the axis. */
export interface YScale {
  kind: ScaleKind
  domain: [number, number]
  ticks: Tick[]
  /** Top of the gutter for zeros, in axis units; equal to the bottom on a linear axis. */
  floor: number
  y: (value: number) => number
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
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

/** Always starts at zero: a truncated loss axis exaggerates differences. */
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
 * A log axis with a gutter below it for exact zeros. Axis units are decades; positive values never fall into the
 * gutter, and zeros never leave it.
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

/** Both ends and round steps between them, with labels at least half a gap apart. */
export function stepTicks(from: number, to: number, wanted = 5): Tick[] {
  const gap = Math.max(1, niceStep((to - from) / wanted))
  const round = range(Math.ceil(from / gap) * gap, to, gap).filter(
    (at) => at - from > gap / 2 && to - at > gap / 2,
  )
  return [from, ...round, ...(to > from ? [to] : [])].map((at) => ({ at, label: at.toLocaleString('en') }))
}

/** Round ticks for any other increasing quantity. */
export function roundTicks(from: number, to: number, label: (at: number) => string, wanted = 5): Tick[] {
  const gap = niceStep(Math.max(1e-9, to - from) / wanted)
  return range(Math.ceil(from / gap - 1e-9) * gap, to, gap).map((at) => ({ at, label: label(at) }))
}

/** Epoch ends labelled with the epoch number, for more epochs than bands can show. */
export function epochTicks(from: number, to: number, stepsPerEpoch: number, wanted = 6): Tick[] {
  const [first, last] = [Math.ceil(from / stepsPerEpoch), Math.floor(to / stepsPerEpoch)]
  const every = Math.max(1, niceStep((last - first) / wanted))
  return range(Math.ceil(first / every) * every, last, every)
    .filter((epoch) => epoch > 0)
    .map((epoch) => ({ at: epoch * stepsPerEpoch, label: String(epoch) }))
}

/** Every second epoch in a range of steps, for shading. */
export function epochBands(from: number, to: number, stepsPerEpoch: number): [number, number][] {
  const pair = stepsPerEpoch * 2
  return range(Math.floor(from / pair) * pair, to, pair)
    .map((start): [number, number] => [Math.max(from, start), Math.min(to, start + stepsPerEpoch)])
    .filter(([low, high]) => high > low)
}

export const epochOf = (step: number, stepsPerEpoch: number) => Math.max(1, Math.ceil(step / stepsPerEpoch))

/** Moves labels apart to at least `gap`, from the top down, then back up from `bottom`. Keeps their order. */
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
