/** The only door to ONNX Runtime. `run` blocks the thread, so only worker processes come through here. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Architecture } from './architecture.ts'
import { causalMask, rotaryTables } from './llama.ts'
import type { Tensors } from './tensors.ts'

export type Session = InferenceSession
export type Feeds = Record<string, Tensor>

export async function openSession(model: Uint8Array, threads: number): Promise<Session> {
  return await InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // lengths differ from run to run; a third less memory at no cost
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } }, // the web server shares the cores
  })
}

export const floats = (data: Float32Array, shape: readonly number[]): Tensor =>
  new Tensor('float32', data, shape)

export const ids = (numbers: readonly number[], shape: readonly number[] = [numbers.length]): Tensor =>
  new Tensor('int64', BigInt64Array.from(numbers, BigInt), shape)

/** Feeds share the arrays: what an optimizer changes in place is seen by the next run. */
export function weightFeeds(...groups: Tensors[]): Feeds {
  const feeds: Feeds = {}
  for (const group of groups) for (const [name, { data, shape }] of group) feeds[name] = floats(data, shape)
  return feeds
}

export function rotaryFeeds(a: Architecture): Feeds {
  const tables = rotaryTables(a, a.context)
  const shape = [a.context, a.headDim / 2]
  return {
    cos: floats(tables.cos, shape),
    sin: floats(tables.sin, shape),
    minusSin: floats(tables.minusSin, shape),
  }
}

/** Where `time` new tokens stand after `past` old ones, in each sequence of the batch. */
export function placeFeeds(a: Architecture, batch: number, past: number, time: number): Feeds {
  const group = a.heads / a.kvHeads
  const positions = Array.from({ length: batch * time }, (_, index) => past + (index % time))
  return {
    positions: ids(positions, [batch, time]),
    mask: floats(causalMask(group, past, time), [group * time, past + time]),
  }
}
