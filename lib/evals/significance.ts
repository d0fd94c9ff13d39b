/** A larger p is no news: one in twenty such differences is chance. */
export const SIGNIFICANT = 0.05

/**
 * Exact McNemar test (two-sided) of two models on the same rows. Rows where both pass or both fail do not count.
 * @param onlyA rows that only the first passes
 * @param onlyB rows that only the second passes
 * @returns how likely a split at least as uneven is if neither model is better
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB
  const fewer = Math.min(onlyA, onlyB)
  // P(X = k) of Binomial(n, 1/2), by its logarithm: 2^-1000 is still a number, 1000 over 500 is not.
  let log = -n * Math.LN2
  let tail = 0
  for (let k = 0; k <= fewer; k++) {
    tail += Math.exp(log)
    log += Math.log(n - k) - Math.log(k + 1)
  }
  return Math.min(1, 2 * tail)
}

/** Differences whose signs are all enumerated: 65,536 ways. */
const EXACT = 16

/**
 * Sign-flip test (two-sided) of paired scores: if neither model is better, each row's difference might as well have
 * the other sign. Exact for up to 16 rows that differ; beyond, the flipped sums are normal with variance Σd².
 */
export function signFlip(differences: readonly number[]): number {
  const d = differences.filter((difference) => difference !== 0)
  const sum = Math.abs(d.reduce((all, one) => all + one, 0))
  if (d.length === 0) return 1
  if (d.length <= EXACT) return flipped(d, sum)
  return 2 * upperTail(sum / Math.sqrt(d.reduce((all, one) => all + one * one, 0)))
}

function flipped(d: readonly number[], sum: number): number {
  const ways = 2 ** d.length
  // Sums in another order differ in their last digits.
  const least = sum - 1e-9
  let atLeast = 0
  for (let signs = 0; signs < ways; signs++) {
    let other = 0
    for (const [index, one] of d.entries()) other += (signs >> index) & 1 ? one : -one
    if (Math.abs(other) >= least) atLeast++
  }
  return atLeast / ways
}

/** P(Z > z) of the standard normal distribution, z ≥ 0; within 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
}

/**
 * Holm's correction: p-values of several comparisons, each as if it were the only one.
 * @returns in the order given
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0))
  const corrected = ps.map(() => 1)
  let least = 0
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * (ps[index] ?? 1)))
    corrected[index] = least
  }
  return corrected
}
