import type { Comparison, TellRow } from './comparison.ts'
import { rowsThat } from './comparison.ts'
import type { Rows } from './rows.ts'

/** Tokens of the rows without an error, ascending. */
export function sortedTokens(rows: Rows): Uint32Array {
  return Uint32Array.from(rowsThat(rows, rows.isSound), rows.tokens).sort()
}

/** The value at a share of sorted figures, nearest rank. */
export const atShare = (sorted: Uint32Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0

const FEWEST_ROWS = 20
const SPREADS = 6
const MEDIANS = 3

/** Rows so long that something else may have slipped in: far outside of the middle half (Tukey's fences, wider). */
export const tokenOutliers: Comparison = (rows, tell) => {
  const sorted = sortedTokens(rows)
  if (sorted.length < FEWEST_ROWS) return
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => atShare(sorted, share)) as [
    number,
    number,
    number,
  ]
  const most = Math.max(high + SPREADS * (high - low), median * MEDIANS)
  for (const row of rowsThat(rows, rows.isSound))
    if (rows.tokens(row) > most) tell(row, 'tokens-outlier', { tokens: rows.tokens(row), median })
}

/** Rows that a model would read only the beginning of. */
export function overContext(rows: Rows, limit: number, tell: TellRow): void {
  for (const row of rowsThat(rows, rows.isSound))
    if (rows.tokens(row) > limit) tell(row, 'over-context', { tokens: rows.tokens(row), limit })
}
