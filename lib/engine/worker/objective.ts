/** What a training learns from, and how: answers (supervised), or pairs of answers (preference). */
import { weightSum } from '../model/batches.ts'
import type { Sample } from '../model/conversation.ts'
import {
  logProbsOf,
  type Pair,
  type PairLogProbs,
  preferenceStep,
  type Rewards,
  samplesOf,
  scorePairs,
} from '../model/preference.ts'
import type { Tensors } from '../model/tensors.ts'
import type { Prediction, TrainStep } from '../model/train-step.ts'
import type { TrainOrder } from './protocol.ts'
import { type Reading, readPairs, readSamples } from './rows.ts'

/** The rows of both files; of answers, a training row has usually one sample. */
export type TrainingData =
  | { kind: 'answers'; training: Sample[][]; validation: Sample[] }
  | { kind: 'pairs'; training: Pair[]; validation: Pair[]; beta: number }

interface Measured {
  /** null without trained tokens. */
  loss: number | null
  accuracy: number | null
  rewards?: Rewards
}

interface Learnt extends Measured {
  /** Of each row. */
  losses: (number | null)[]
  /** null: there is nothing to learn in these rows. */
  gradients: Tensors | null
}

export interface Objective {
  /** Number of rows. */
  training: number
  validation: number
  /** Loss and gradients of training rows, zero-based. */
  learn(rows: readonly number[]): Promise<Learnt>
  /** Of validation rows; all of them if none are named. */
  validate(rows?: readonly number[]): Promise<Measured>
}

const hasWeight = (sample: Sample) => weightSum([sample]) > 0

export async function readData(order: TrainOrder, reading: Reading): Promise<TrainingData> {
  const { training, validation, preference } = order
  if (preference)
    return {
      kind: 'pairs',
      training: await readPairs(training, reading),
      validation: validation === null ? [] : await readPairs(validation, reading),
      beta: preference.beta,
    }
  return {
    kind: 'answers',
    training: await readSamples(training, reading),
    validation: validation === null ? [] : (await readSamples(validation, reading)).flat().filter(hasWeight),
  }
}

/** Every sequence that the model reads in one epoch, and in one whole validation. */
export const sequencesOf = (data: TrainingData): { training: Sample[]; validation: Sample[] } =>
  data.kind === 'pairs'
    ? { training: samplesOf(data.training), validation: samplesOf(data.validation) }
    : { training: data.training.flat(), validation: data.validation }

/** The rows of a list that are named, or all. */
const pick = <Row>(rows: readonly Row[], named: readonly number[] | undefined): readonly Row[] =>
  named?.map((row) => rows[row] as Row) ?? rows

/** The loss per row: the mean over its samples, weighted by their tokens; null without trained tokens. */
function lossesOf(batch: readonly (readonly Sample[])[], { losses }: Prediction): (number | null)[] {
  let at = 0
  return batch.map((samples) => {
    const learnt = samples.flatMap((sample) => {
      const loss = losses[at++] ?? null
      return loss === null ? [] : [{ loss, weight: weightSum([sample]) }]
    })
    const total = learnt.reduce((sum, { weight }) => sum + weight, 0)
    return total === 0 ? null : learnt.reduce((sum, { loss, weight }) => sum + (loss * weight) / total, 0)
  })
}

const onAnswers = (
  { training, validation }: Extract<TrainingData, { kind: 'answers' }>,
  trainStep: TrainStep,
): Objective => ({
  training: training.length,
  validation: validation.length,
  async learn(rows) {
    const batch = pick(training, rows)
    const { prediction, gradients } = await trainStep.forwardBackward(batch.flat())
    const { loss, accuracy } = prediction
    return { loss, accuracy, losses: lossesOf(batch, prediction), gradients }
  },
  validate: (rows) => trainStep.predict(pick(validation, rows)),
})

/** log p of all pairs by the model that training starts from. */
interface Reference {
  training: PairLogProbs[]
  validation: PairLogProbs[]
}

function onPairs(
  { training, validation, beta }: Extract<TrainingData, { kind: 'pairs' }>,
  trainStep: TrainStep,
  reference: Reference,
): Objective {
  return {
    training: training.length,
    validation: validation.length,
    async learn(rows) {
      const pairs = pick(training, rows)
      const known = pick(reference.training, rows)
      const { loss, losses, rewards, gradients } = await preferenceStep(trainStep, pairs, known, beta)
      return { loss, accuracy: null, losses, rewards, gradients }
    },
    async validate(rows) {
      const policy = await logProbsOf(trainStep, pick(validation, rows))
      const { loss, rewards } = scorePairs(policy, pick(reference.validation, rows), beta)
      return { loss, accuracy: null, rewards }
    },
  }
}

/**
 * @param start the model that training starts from, even if it is resumed: closed after it has read all pairs once.
 * @param open the model in training
 */
export async function openObjective(
  data: TrainingData,
  start: () => TrainStep,
  open: () => TrainStep,
): Promise<{ objective: Objective; close: () => Promise<void> }> {
  if (data.kind === 'answers') {
    const trainStep = open()
    return { objective: onAnswers(data, trainStep), close: trainStep.close }
  }
  const before = start()
  const reference = {
    training: await logProbsOf(before, data.training),
    validation: await logProbsOf(before, data.validation),
  }
  await before.close()
  const trainStep = open()
  return { objective: onPairs(data, trainStep, reference), close: trainStep.close }
}
