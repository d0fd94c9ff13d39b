import { freeMemory } from '#lib/core/free-memory.ts'
import { bytesFor, longestFitting, type TrainingMemory } from '#lib/training-data/memory.ts'
import { apiError } from './api-error.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
import { BATCHED, isSmall } from './model/batches.ts'
import { automaticLora, type Method, type Objective } from './model/defaults.ts'
import { loraShapes } from './model/lora.ts'
import { elements } from './model/tensors.ts'

const FLOAT = 4

/** Bytes of a trainer without a model: Node and ONNX Runtime. */
const PROCESS = 160e6

/**
 * Copies of each trained number: itself, its gradient, and the optimizer's two; training every weight holds the
 * gradients of the embeddings a second time while they are added up.
 */
const COPIES: Record<Method, number> = { lora: 4, full: 5.5 }

/** The allocator holds some more: an estimate must not be below the peak. */
const MARGIN = 1.06

/** Shortest row that is worth training on, in tokens. */
export const SHORTEST = 32

/** Numbers that a method trains. */
export const trainedCount = (a: Architecture, method: Method): number =>
  method === 'full'
    ? parameterCount(a)
    : loraShapes(a, automaticLora).reduce((sum, [, shape]) => sum + elements(shape), 0)

/**
 * What the backward pass keeps of each token: three vectors as long as the vocabulary, and in each layer some twelve of
 * the hidden size and three of the feed-forward's; and each head's attention of every token to every other.
 * Fitted to SmolLM2-135M with rows of 16 to 2,048 tokens and to the shipped model: 0 to 4 % above the peak
 * (`tests/bench/memory.ts`).
 */
export function trainingMemory(
  a: Architecture,
  method: Method,
  objective: Objective = 'supervised',
): TrainingMemory {
  const answers = memoryOnAnswers(a, method)
  return objective === 'dpo' ? plus(answers, moreOnPairs(a, answers)) : answers
}

const plus = (one: TrainingMemory, other: TrainingMemory): TrainingMemory => ({
  fixed: one.fixed + other.fixed,
  perToken: one.perToken + other.perToken,
  perTokenSquared: one.perTokenSquared + other.perTokenSquared,
})

/**
 * A second session reads the answers of a pair for their margin, both at once if they are no longer than half a
 * micro-batch, and keeps its memory: of each token three vectors as long as the vocabulary, or what one layer holds if
 * that is more, and one layer's attention. A small model also trains on both at once while they fit.
 * On the shipped model 1 to 27 % above the peak, on one of 51 million parameters 2 to 6 %.
 */
function moreOnPairs(a: Architecture, { perToken }: TrainingMemory): TrainingMemory {
  const beside = BATCHED / 2 // of T tokens, at most so many more are read with them
  const width = MARGIN * FLOAT * Math.max(3 * a.vocabulary, 4 * a.hidden + 3 * a.intermediate)
  const attention = MARGIN * FLOAT * a.heads
  return {
    fixed: beside * (width + (isSmall(a) ? perToken : 0)),
    perToken: width + beside * attention,
    perTokenSquared: attention,
  }
}

function memoryOnAnswers(a: Architecture, method: Method): TrainingMemory {
  const frozen = method === 'lora' ? parameterCount(a) : 0
  return {
    fixed: MARGIN * (PROCESS + FLOAT * (frozen + COPIES[method] * trainedCount(a, method))),
    perToken: MARGIN * FLOAT * (3 * a.vocabulary + a.layers * (12 * a.hidden + 3 * a.intermediate)),
    perTokenSquared: MARGIN * FLOAT * a.layers * a.heads,
  }
}

/** `5.1 GB`, as systems show memory. */
export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/** For two amounts that look the same in gigabytes. */
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

/** Two amounts to be told apart. */
export function expectedAndFree(needed: number, free: number): [needed: string, free: string] {
  const size = gigabytes(needed) === gigabytes(free) ? megabytes : gigabytes
  return [size(needed), size(free)]
}

export const OUT_OF_MEMORY = 'out_of_memory'

/** Bytes that a training may still use, within the user's limit. */
export const memoryForTraining = (limit: number | null): number => Math.min(freeMemory(), limit ?? Infinity)

/** What a training takes, and what there is. */
interface Fit {
  memory: TrainingMemory
  /** Of the longest row. */
  tokens: number
  /** The user's limit for a training, in bytes; null for all that is free. */
  limit: number | null
}

/**
 * Rejects a training that would take more memory than is free: the system would end it, or grind to a halt.
 * @throws AppError `invalid` with code `out_of_memory`, what it needs, and what would fit
 */
export function expectMemoryToTrain({ memory, tokens, limit }: Fit): void {
  const [needed, free] = [bytesFor(memory, tokens), memoryForTraining(limit)]
  if (needed <= free) return
  const [need, rest] = expectedAndFree(needed, free)
  const fits = longestFitting(memory, free)
  const rows = tokens > SHORTEST ? ` on rows of up to ${tokens} tokens` : ''
  const room = free === limit ? `LIMERICK_MEMORY allows ${rest}` : `${rest} is free`
  const advice =
    fits > 0
      ? `Shorten the rows to ${fits} tokens, or choose a smaller model.`
      : 'Choose a smaller model, or close other programs.'
  throw apiError('invalid', `Training this model${rows} needs ${need} of memory, and ${room}. ${advice}`, {
    code: OUT_OF_MEMORY,
  })
}

/**
 * Bytes that opening a model takes for a moment, for each of its numbers. Measured on SmolLM2-135M (8 bits, and float32 as
 * inputs of the session) and on the shipped model (float32 as constants of it, which are packed).
 */
const OPENING = { quantised: 2, shared: 4.2, stored: 9.6 }

/** How a model's weights are held while it answers. */
export type Holding = keyof typeof OPENING

/**
 * Rejects a model that would take more memory to answer than is free.
 * @param free bytes
 * @throws AppError `unavailable` with code `out_of_memory`, what it needs and what there is
 */
export function expectMemoryToAnswer(a: Architecture, holding: Holding, free: number): void {
  const needed = OPENING[holding] * parameterCount(a)
  if (needed <= free) return
  const [need, rest] = expectedAndFree(needed, free)
  throw apiError(
    'unavailable',
    `Answering with this model needs ${need} of memory, and ${rest} is free. Close other programs, or choose a smaller model.`,
    { code: OUT_OF_MEMORY },
  )
}

/** For a job whose rows are not known yet. @throws as `expectMemoryToTrain` */
export const expectMemoryForModel = (
  a: Architecture,
  { method, objective }: { method: Method; objective: Objective },
  limit: number | null,
): void => expectMemoryToTrain({ memory: trainingMemory(a, method, objective), tokens: SHORTEST, limit })
