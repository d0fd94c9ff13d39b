import type { StepRows } from '#lib/jobs/series-schema.ts'

/** In so many digits, however small: `0.00085`, `2.1e-7`. */
const inDigits = (value: number): string => String(Number(value.toPrecision(3)))

/** A number of a step, named by its label in the catalogue; a share from 0 to 1 is shown as a percentage. */
export type Measure =
  | {
      label: 'learningRate' | 'gradNorm' | 'rewardMargin' | 'rewardChosen' | 'rewardRejected'
      value: string
    }
  | { label: 'rewardAccuracy'; share: number }

/** How far a step went, where the provider tells; of preference pairs, also their rewards. */
export function measuresOf({
  learningRate,
  gradNorm,
  rewards,
}: Pick<StepRows, 'learningRate' | 'gradNorm' | 'rewards'>): Measure[] {
  const measures: Measure[] = []
  if (learningRate !== null) measures.push({ label: 'learningRate', value: inDigits(learningRate) })
  if (gradNorm !== null) measures.push({ label: 'gradNorm', value: inDigits(gradNorm) })
  if (rewards !== null)
    measures.push(
      { label: 'rewardMargin', value: inDigits(rewards.margin) },
      { label: 'rewardChosen', value: inDigits(rewards.chosen) },
      { label: 'rewardRejected', value: inDigits(rewards.rejected) },
      { label: 'rewardAccuracy', share: rewards.accuracy },
    )
  return measures
}
