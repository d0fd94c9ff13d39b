/** Value at a quantile of unsorted numbers, nearest rank. */
export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

export const inMs = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`

/** p50, p95 and p99 in one line. */
export const spread = (values: number[]): string =>
  `p50 ${inMs(quantile(values, 0.5))}, p95 ${inMs(quantile(values, 0.95))}, p99 ${inMs(quantile(values, 0.99))} (n=${values.length})`
