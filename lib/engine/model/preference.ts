/** Direct preference optimisation (Rafailov et al. 2023). */
import { weightSum } from './batches.ts'
import type { Sample } from './conversation.ts'
import type { Tensors } from './tensors.ts'
import type { TrainStep } from './train-step.ts'

/** Two answers to one prompt, of which the first is preferred; only the tokens of the answers carry a weight. */
export interface Pair {
  chosen: Sample
  rejected: Sample
}

/** log p of both answers of a pair, each the sum over its tokens. */
export interface PairLogProbs {
  chosen: number
  rejected: number
}

/** Of pairs: means, and the share of them whose chosen answer has the higher reward. */
export interface Rewards {
  chosen: number
  rejected: number
  accuracy: number
  /** Chosen minus rejected. */
  margin: number
}

/** Policy against reference, [pair]. */
export interface PairScores {
  losses: number[]
  loss: number
  rewards: Rewards
  /** d loss / d margin of each pair's own loss: −σ(−margin). */
  slopes: number[]
}

export const samplesOf = (pairs: readonly Pair[]): Sample[] =>
  pairs.flatMap(({ chosen, rejected }) => [chosen, rejected])

export async function logProbsOf(
  trainStep: Pick<TrainStep, 'predict'>,
  pairs: readonly Pair[],
): Promise<PairLogProbs[]> {
  const { losses } = await trainStep.predict(samplesOf(pairs))
  const sum = (sample: Sample, loss: number | null | undefined) => -(loss ?? 0) * weightSum([sample])
  return pairs.map(({ chosen, rejected }, at) => ({
    chosen: sum(chosen, losses[2 * at]),
    rejected: sum(rejected, losses[2 * at + 1]),
  }))
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** −log σ(x), without overflow. */
const logistic = (x: number): number => Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x)))

/** A reward is β times the log-ratio of policy and reference; the loss of a pair is −log σ(their difference). */
export function scorePairs(
  policy: readonly PairLogProbs[],
  reference: readonly PairLogProbs[],
  beta: number,
): PairScores {
  const reward = (name: keyof PairLogProbs) =>
    policy.map((logProbs, at) => beta * (logProbs[name] - (reference[at]?.[name] ?? 0)))
  const [chosen, rejected] = [reward('chosen'), reward('rejected')]
  const margins = chosen.map((value, at) => value - (rejected[at] ?? 0))
  const losses = margins.map(logistic)
  return {
    losses,
    loss: mean(losses),
    rewards: {
      chosen: mean(chosen),
      rejected: mean(rejected),
      accuracy: mean(margins.map((margin) => Number(margin > 0))),
      margin: mean(margins),
    },
    slopes: margins.map((margin) => -1 / (1 + Math.exp(margin))),
  }
}

/**
 * Scores and gradients of the mean loss. The loss knows a sequence only by its log p, and its derivative by that is one
 * number for each: after a forward pass, those are the weights of the tokens in the graph that trains on answers.
 * @param reference log p of the same pairs by the model that training started from
 */
export async function preferenceStep(
  trainStep: TrainStep,
  pairs: readonly Pair[],
  reference: readonly PairLogProbs[],
  beta: number,
): Promise<PairScores & { gradients: Tensors | null }> {
  const scores = scorePairs(await logProbsOf(trainStep, pairs), reference, beta)
  const factors = new Map<Sample, number>()
  for (const [at, { chosen, rejected }] of pairs.entries()) {
    const factor = (-beta * (scores.slopes[at] ?? 0)) / pairs.length
    factors.set(chosen, factor).set(rejected, -factor)
  }
  const weigh = (weight: number, sample: Sample) => weight * (factors.get(sample) ?? 0)
  const { gradients } = await trainStep.forwardBackward(samplesOf(pairs), weigh)
  return { ...scores, gradients }
}
