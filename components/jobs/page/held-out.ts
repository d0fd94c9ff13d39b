import { wilson } from '#lib/core/interval.ts'
import type { Scores } from '#lib/evals/schema.ts'

interface Passed {
  passed: number
  n: number
}

/** How the model that a job ended with answers questions it has not seen. */
export interface HeldOut extends Passed {
  base: Passed | null
  /**
   * `holds`: half of the answers pass or more, and clearly more than of the base model (the 95 % intervals do not touch);
   * `better`: clearly more than of the base, but less than half; `fails`: not clearly better than the base.
   */
  standing: 'holds' | 'better' | 'fails'
}

const standingOf = ({ passed, n }: Passed, base: Passed | null): HeldOut['standing'] => {
  const better = base === null || wilson(passed, n).low > wilson(base.passed, base.n).high
  if (!better) return 'fails'
  return passed * 2 >= n ? 'holds' : base === null ? 'fails' : 'better'
}

/** @returns null until every answer has been graded, and where there is none */
export function heldOutOf(scores: Pick<Scores, 'state' | 'steps' | 'base'> | undefined): HeldOut | null {
  if (scores?.state !== 'done') return null
  const last = scores.steps.find(({ final }) => final) ?? scores.steps.at(-1)
  if (!last || last.score.n === 0) return null
  const { passed, n } = last.score
  const base = scores.base && scores.base.n > 0 ? { passed: scores.base.passed, n: scores.base.n } : null
  return { passed, n, base, standing: standingOf({ passed, n }, base) }
}
