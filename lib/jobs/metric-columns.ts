import type { Line, Point } from './series-schema.ts'

/** Points of a job in order of their steps, one array a column; NaN for a missing value. */
export interface Columns {
  step: Int32Array
  /** ms; NaN when unknown. */
  at: Float64Array
  trainLoss: Float64Array
  validLoss: Float64Array
  fullValidLoss: Float64Array
  accuracy: Float64Array
  validAccuracy: Float64Array
}

const column = (points: readonly Point[], read: (point: Point) => number | null): Float64Array =>
  Float64Array.from(points, (point) => read(point) ?? Number.NaN)

export const columnsOf = (points: readonly Point[]): Columns => ({
  step: Int32Array.from(points, ({ step }) => step),
  at: column(points, ({ at }) => at),
  trainLoss: column(points, ({ trainLoss }) => trainLoss),
  validLoss: column(points, ({ validLoss }) => validLoss),
  fullValidLoss: column(points, ({ fullValidLoss }) => fullValidLoss),
  accuracy: column(points, ({ accuracy }) => accuracy),
  validAccuracy: column(points, ({ validAccuracy }) => validAccuracy),
})

/**
 * Five digits are more than any plot shows, and a third of the bytes. Zero stays zero, and nothing else becomes zero.
 */
export const rounded = (value: number): number => Number(value.toPrecision(5))

export const lineOf = (indices: readonly number[], step: Int32Array, values: Float64Array): Line => ({
  step: indices.map((index) => step[index] ?? 0),
  value: indices.map((index) => rounded(values[index] ?? 0)),
})

/** Indices with a number, from `from` up to but not including `to`. */
export function present(values: Float64Array, from: number, to: number): number[] {
  const found: number[] = []
  for (let index = from; index < to; index++) if (!Number.isNaN(values[index])) found.push(index)
  return found
}

/**
 * Indices that a plot of `buckets` px needs: all of them if there are no more than that, else the least and the
 * greatest value of each bucket of equal width in steps, and the first and the last of all. No extreme is lost.
 */
export function minMax(
  indices: readonly number[],
  step: Int32Array,
  values: Float64Array,
  buckets: number,
): readonly number[] {
  const [first, last] = [indices[0], indices.at(-1)]
  if (indices.length <= buckets || first === undefined || last === undefined) return indices
  const start = step[first] ?? 0
  const width = ((step[last] ?? 0) - start + 1) / buckets
  const kept = [first]
  let [bucket, least, most] = [-1, first, first]
  const close = () => {
    for (const index of least < most ? [least, most] : [most, least])
      if (index > (kept.at(-1) ?? -1)) kept.push(index)
  }
  for (const index of indices) {
    const here = Math.floor(((step[index] ?? 0) - start) / width)
    if (here !== bucket) {
      if (bucket >= 0) close()
      ;[bucket, least, most] = [here, index, index]
    }
    if ((values[index] ?? 0) < (values[least] ?? 0)) least = index
    if ((values[index] ?? 0) > (values[most] ?? 0)) most = index
  }
  close()
  if (kept.at(-1) !== last) kept.push(last)
  return kept
}

/**
 * Exponential moving average without the pull towards its start (Adam's correction, Kingma & Ba 2015, §3), over all
 * numbers.
 * @returns one number a point; NaN for a point without a value
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  const means = new Float64Array(values.length).fill(Number.NaN)
  let [mean, share] = [0, 1]
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN
    if (Number.isNaN(value)) continue
    mean = weight * mean + (1 - weight) * value
    share *= weight
    means[index] = mean / (1 - share)
  }
  return means
}

/** Value below which a share of the values lies, by rank; null for none. */
function percentile(sorted: Float64Array, share: number): number | null {
  if (sorted.length === 0) return null
  return sorted[Math.round((sorted.length - 1) * share)] ?? null
}

/** 5th and 95th percentile; sorts in place. */
export function spread(values: Float64Array): [number, number] | null {
  values.sort()
  const [low, high] = [percentile(values, 0.05), percentile(values, 0.95)]
  return low === null || high === null ? null : [low, high]
}
