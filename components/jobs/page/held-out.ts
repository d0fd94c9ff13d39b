import { wilson } from '#lib/core/interval.ts'
import type { Scores } from '#lib/evals/schema.ts'

interface Passed {
  passed: number
  n: number
}

/** Held-out score of the model that the job ended with. */
export interface HeldOut extends Passed {
  base: Passed | null
  /**
   * `holds`: at least half of the answers pass, and clearly more than with the base model (the 95 % intervals do not
   * overlap); `better`: clearly more than with the base model, but less than half; `fails`: not clearly better than the
   * base model.
   */
  standing: 'holds' | 'better' | 'fails'
}

const standingOf = ({ passed, n }: Passed, base: Passed | null): HeldOut['standing'] => {
  const better = base === null || wilson(passed, n).low > wilson(base.passed, base.n).high
  if (!better) return 'fails'
  return passed * 2 >= n ? 'holds' : base === null ? 'fails' : 'better'
}

/** @returns null until all answers are graded, or if there are none */
export function heldOutOf(scores: Pick<Scores, 'state' | 'steps' | 'base'> | undefined): HeldOut | null {
  if (scores?.state !== 'done') return null
  const last = scores.steps.find(({ final }) => final) ?? scores.steps.at(-1)
  if (!last || last.score.n === 0) return null
  const { passed, n } = last.score
  const base = scores.base && scores.base.n > 0 ? { passed: scores.base.passed, n: scores.base.n } : null
  return { passed, n, base, standing: standingOf({ passed, n }, base) }
}
