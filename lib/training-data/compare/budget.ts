import type { Comparison } from './comparison.ts'
import { rowsThat } from './comparison.ts'
import type { Rows } from './rows.ts'

/** Tokens of the rows without an error, ascending. */
export function sortedTokens(rows: Rows): Uint32Array {
  return Uint32Array.from(rowsThat(rows, rows.isSound), rows.tokens).sort()
}

/** The quantile of sorted figures, nearest rank. */
export const atShare = (sorted: Uint32Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0

const FEWEST_ROWS = 20
const SPREADS = 6
const MEDIANS = 3

/** Among a few rows, an outlier is this many times the median, and longer than any usual row. */
const FEWEST_OF_FEW = 3
const HUGE_MEDIANS = 50
const HUGE = 8_192

/** Fewest tokens of an outlier; null when there are too few rows. */
function fence(sorted: Uint32Array): number | null {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => atShare(sorted, share)) as [
    number,
    number,
    number,
  ]
  if (sorted.length >= FEWEST_ROWS) return Math.max(high + SPREADS * (high - low), median * MEDIANS)
  return sorted.length >= FEWEST_OF_FEW ? Math.max(median * HUGE_MEDIANS, HUGE) : null
}

/** Rows so long that they may contain something else: far outside the middle half (Tukey's fences, wider). */
export const tokenOutliers: Comparison = (rows, tell) => {
  const sorted = sortedTokens(rows)
  const most = fence(sorted)
  if (most === null) return
  const median = atShare(sorted, 0.5)
  for (const row of rowsThat(rows, rows.isSound))
    if (rows.tokens(row) > most) tell(row, 'tokens-outlier', { tokens: rows.tokens(row), median })
}
