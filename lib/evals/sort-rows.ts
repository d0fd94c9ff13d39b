import type { Grade } from './graders/schema.ts'
import type { RowVerdict } from './schema.ts'

/** Mean over graders of the last answer's score minus the first's; null when none has graded both. */
export function changeOf(
  first: readonly Grade[] | null | undefined,
  last: readonly Grade[] | null | undefined,
): number | null {
  const changes = (last ?? []).flatMap(({ score }, index) => {
    const before = first?.[index]?.score ?? null
    return score === null || before === null ? [] : [score - before]
  })
  return changes.length === 0 ? null : changes.reduce((sum, change) => sum + change, 0) / changes.length
}

export function verdictOf(change: number | null): RowVerdict {
  if (change === null) return null
  return change < 0 ? 'worse' : change > 0 ? 'better' : 'same'
}
