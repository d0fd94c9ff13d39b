/** Memory that a trl job needs, known before anything is loaded; `trainer/limerick_trainer/estimate.py` counts the same. */
import { bytesFor, longestFitting, type TrainingMemory } from '#lib/training-data/memory.ts'
import { apiError } from '../api-error.ts'
import { expectedAndFree, OUT_OF_MEMORY, trainedCount } from '../memory.ts'
import { type Architecture, parameterCount } from '../model/architecture.ts'
import type { Objective } from '../model/defaults.ts'
import type { Tuning } from '../tables.ts'

const MARGIN = 1.15

/** Bytes of a CUDA context with its workspace; and of Python with its libraries. */
const CONTEXT = 1e9
const LIBRARIES = 0.9e9

/** Bytes of a trained number: itself in float32, its gradient, two moments. */
const TRAINED = 16

/** Bytes of a weight of 4 bits, with its scales. */
const NF4 = 0.52

/** Parameters from which a processor, too, computes activations twice rather than keep them. */
const RECOMPUTED = 200e6

/** Bytes of logits at a time: so many tokens, so many bytes for each entry of the vocabulary. */
const LOGITS = 256 * 10

/** Where a job trains. */
export interface Place {
  /** Name of the GPU, or CPU. */
  device: string
  /** GPUs that it gets; 0: the processor. */
  gpus: number
  bf16: boolean
}

interface Training {
  method: Tuning
  objective: Objective
}

/** On each device, if so many of them share the weights. */
function memoryOf(
  a: Architecture,
  { method, objective }: Training,
  place: Place,
  shards: number,
): TrainingMemory {
  const isGpu = place.gpus > 0
  const width = isGpu && place.bf16 ? 2 : 4
  const all = parameterCount(a)
  const outer = a.vocabulary * a.hidden * (a.tied ? 1 : 2)
  const frozen = { full: 0, lora: width * all, qlora: NF4 * (all - outer) + 2 * outer }[method]
  const gathered = shards > 1 ? (2 * width * (all - outer)) / a.layers : 0
  const trained = TRAINED * trainedCount(a, method === 'full' ? 'full' : 'lora')
  const block = 20 * a.hidden + 6 * a.intermediate
  const kept = isGpu || all > RECOMPUTED ? a.layers * a.hidden + block : a.layers * (a.hidden + block)
  const sequences = objective === 'dpo' ? 2 : 1
  const other = isGpu ? CONTEXT : LIBRARIES
  return {
    fixed: MARGIN * ((frozen + trained) / shards + gathered + LOGITS * a.vocabulary + other),
    perToken: MARGIN * sequences * width * kept,
    perTokenSquared: 0,
  }
}

const times = (factor: number, { fixed, perToken, perTokenSquared }: TrainingMemory): TrainingMemory => ({
  fixed: factor * fixed,
  perToken: factor * perToken,
  perTokenSquared: factor * perTokenSquared,
})

/** With one row at a time. Where one GPU is too small, several share the weights. @param factor of what was measured */
export function trlMemory(
  a: Architecture,
  training: Training,
  place: Place,
  { free, tokens, factor }: { free: number; tokens: number; factor: number },
): TrainingMemory {
  const alone = times(factor, memoryOf(a, training, place, 1))
  return place.gpus > 1 && bytesFor(alone, tokens) > free
    ? times(factor, memoryOf(a, training, place, place.gpus))
    : alone
}

interface Fit {
  /** What can be chosen here instead, and its memory; in the order of preference. */
  methods: readonly { method: Tuning; memory: TrainingMemory }[]
  memory: TrainingMemory
  place: Place
  /** Of the longest row, and least that a row is worth training on. */
  tokens: number
  least: number
  /** Bytes on each device. */
  free: number
}

/** What would fit, as the engine's parameters say it. */
function* ways({ methods, memory, tokens, least, free }: Fit): Generator<string> {
  for (const other of methods)
    if (bytesFor(other.memory, tokens) <= free) yield `limerick.method "${other.method}"`
  const length = longestFitting(memory, free)
  if (length >= least && length < tokens) yield `limerick.max_length ${length}`
}

/**
 * Rejects a training that needs more memory than its device has.
 * @throws AppError `invalid` with code `out_of_memory`, what it needs, and what would fit
 */
export function expectMemoryForTrl(fit: Fit): void {
  const { memory, place, tokens, least, free } = fit
  const needed = bytesFor(memory, tokens)
  if (needed <= free) return
  const [need, rest] = expectedAndFree(needed, free)
  const rows = tokens > least ? ` on rows of up to ${tokens} tokens` : ''
  const where =
    place.gpus === 0 ? 'of memory' : place.gpus === 1 ? `on ${place.device}` : `on each of ${place.gpus} GPUs`
  const found = [...ways(fit)]
  const advice = found.length > 0 ? `What would fit: ${found.join(', or ')}.` : 'Choose a smaller model.'
  const message = `Training this model${rows} with the trl trainer needs ${need} ${where}, and ${rest} is free. ${advice}`
  throw apiError('invalid', message, { code: OUT_OF_MEMORY })
}
