import type { Interval } from './interval-schema.ts'

/** 97.5th percentile of the standard normal distribution: an interval of 95 %. */
const Z = 1.959964

/**
 * 95 % interval of a share, by Wilson's score: honest also for few trials and for all or none (Wilson 1927).
 * @param successes may be fractional: a tie is half a win
 */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 }
  const share = successes / trials
  const spread = Z * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials))
  const centre = share + (Z * Z) / (2 * trials)
  const scale = 1 + (Z * Z) / trials
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) }
}

/**
 * 95 % interval of a mean, by Student's t; for scores between 0 and 1 that may be fractional.
 * @param sum of the values
 * @param squares sum of their squares
 * @returns null for fewer than two values
 */
export function meanInterval(n: number, sum: number, squares: number): Interval | null {
  if (n < 2) return null
  const mean = sum / n
  const variance = Math.max(0, squares - n * mean * mean) / (n - 1)
  const spread = tQuantile(n - 1) * Math.sqrt(variance / n)
  return { low: Math.max(0, mean - spread), high: Math.min(1, mean + spread) }
}

/** 97.5th percentile of Student's t, by Cornish and Fisher's expansion; within 2 % from 2 degrees of freedom on. */
function tQuantile(freedom: number): number {
  if (freedom === 1) return 12.706
  const z3 = Z ** 3
  const z5 = Z ** 5
  const z7 = Z ** 7
  return (
    Z +
    (z3 + Z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * Z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * freedom ** 3)
  )
}

/** Search limit of `votesNeeded`. */
const MOST = 10_000

/**
 * Further votes until the interval excludes one half, if the win rate stays as it is.
 * @returns 0 when it does already; null when it takes more than 10,000, as for a tie
 */
export function votesNeeded(wins: number, votes: number): number | null {
  const sure = (total: number) => {
    const { low, high } = wilson((wins / votes) * total, total)
    return low > 0.5 || high < 0.5
  }
  if (votes === 0 || wins * 2 === votes) return null
  if (sure(votes)) return 0
  let [low, high] = [votes, MOST]
  if (!sure(high)) return null
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (sure(middle)) high = middle
    else low = middle
  }
  return high - votes
}
