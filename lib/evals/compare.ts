import type { Grader } from './graders/schema.ts'
import type { ColumnScore, Difference } from './schema.ts'
import { passedPairs, scoreDifferences } from './scores-store.ts'
import { isMean } from './scoring.ts'
import { mcnemar, signFlip } from './significance.ts'

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/**
 * How much better column `a` answers than column `b`, on the rows that both answered. Answers to the same rows are
 * pairs: passes are compared by McNemar's exact test, mean scores by a sign-flip test. Both see differences that two
 * separate intervals hide.
 * @returns null without a common row
 */
export async function differenceOf(
  evalId: string,
  graders: readonly Grader[],
  a: number,
  b: number,
): Promise<Difference | null> {
  if (isMean(graders)) {
    const differences = await scoreDifferences(evalId, a, b)
    const n = differences.length
    return n === 0 ? null : { a, b, n, by: sumOf(differences) / n, mean: true, p: signFlip(differences) }
  }
  const { n, onlyA, onlyB } = await passedPairs(evalId, a, b)
  return n === 0 ? null : { a, b, n, by: onlyA - onlyB, mean: false, p: mcnemar(onlyA, onlyB) }
}

/** What the last column is compared with: the result of an earlier job, else the first column. */
export function rivalOf(columns: readonly ColumnScore[]): ColumnScore | undefined {
  const last = columns.at(-1)
  const before = columns.slice(0, -1)
  return before.findLast(({ jobId }) => jobId !== null && jobId !== last?.jobId) ?? before[0]
}
