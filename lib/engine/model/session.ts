/** The only module that calls ONNX Runtime. `run` blocks the thread, so only worker processes import this. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Architecture } from './architecture.ts'
import { causalMask, SLIDING } from './llama.ts'
import { WEIGHTS_FILE } from './onnx.ts'
import { type Rope, rotaryTables } from './rotary.ts'
import type { Tensors } from './tensors.ts'

export type Session = InferenceSession
export type Feeds = Record<string, Tensor>

/**
 * Threads that sleep between two products wake late: one row of SmolLM2-135M takes a sixth longer with two. So they wait
 * awake where a run takes milliseconds, and sleep between runs; in training, which takes long, others need the cores.
 * @param weights bytes of the graph's stored constants, which the session copies
 */
export async function openSession(
  model: Uint8Array,
  threads: number,
  weights?: Uint8Array,
): Promise<Session> {
  return await InferenceSession.create(model, {
    ...(weights ? { externalData: [{ path: WEIGHTS_FILE, data: weights }] } : {}),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // lengths vary between calls; saves a third of the memory at no cost
    logSeverityLevel: 3,
    extra: {
      session: { intra_op: { allow_spinning: weights ? '1' : '0' }, force_spinning_stop: '1' },
    },
  })
}

export const floats = (data: Float32Array, shape: readonly number[]): Tensor =>
  new Tensor('float32', data, shape)

export const ids = (numbers: readonly number[], shape: readonly number[] = [numbers.length]): Tensor =>
  new Tensor('int64', BigInt64Array.from(numbers, BigInt), shape)

/** Feeds share the arrays: the next call sees the optimizer's in-place updates. */
export function weightFeeds(...groups: Tensors[]): Feeds {
  const feeds: Feeds = {}
  for (const group of groups) for (const [name, { data, shape }] of group) feeds[name] = floats(data, shape)
  return feeds
}

export const int32 = (numbers: readonly number[], shape: readonly number[]): Tensor =>
  new Tensor('int32', Int32Array.from(numbers), shape)

function rotaryFeeds(a: Architecture, rope: Rope, positions: readonly number[], prefix: string): Feeds {
  const { cos, sin, minusSin } = rotaryTables(rope, a.headDim, positions)
  const shape = [positions.length, a.headDim / 2]
  return {
    [`${prefix}cos`]: floats(cos, shape),
    [`${prefix}sin`]: floats(sin, shape),
    [`${prefix}minusSin`]: floats(minusSin, shape),
  }
}

/** The rotary tables of some positions, which `positions` of the graph then points into. */
export const tableFeeds = (a: Architecture, positions: readonly number[]): Feeds => ({
  ...rotaryFeeds(a, a.rope, positions, ''),
  ...(a.sliding ? rotaryFeeds(a, a.sliding.rope, positions, SLIDING) : {}),
})

/** Masks for whole sequences of `time` tokens. */
export function maskFeeds({ heads, kvHeads, sliding }: Architecture, time: number): Feeds {
  const group = heads / kvHeads
  const mask = (window: number) => floats(causalMask(group, time, window), [group * time, time])
  return { mask: mask(Infinity), ...(sliding ? { [`${SLIDING}mask`]: mask(sliding.window) } : {}) }
}
