/** AdamW on flat arrays in shared memory, each half of which another thread updates. */
import { adamW, type Range } from '../model/adamw.ts'
import { decays } from '../model/optimizer.ts'
import { elements, type NamedShape } from '../model/tensors.ts'

type Floats = Float32Array<SharedArrayBuffer>

/** One place of shared memory per number of every weight, in the order of `weightShapes`. */
export interface SharedState {
  weights: Floats
  m: Floats
  v: Floats
  /** One array for each half of a step; the first becomes their sum. */
  gradients: readonly [Floats, Floats]
}

export function allocate(size: number): SharedState {
  const floats = () => new Float32Array(new SharedArrayBuffer(4 * size))
  return {
    weights: floats(),
    m: floats(),
    v: floats(),
    gradients: [floats(), floats()],
  }
}

/** A part of one tensor. */
export interface Part extends Range {
  decays: boolean
}

/** The tensors in a range, the first and the last of them perhaps in part. */
export function partsOf(shapes: readonly NamedShape[], range: Range): Part[] {
  let at = 0
  return shapes.flatMap(([, shape]) => {
    const [from, to] = [Math.max(at, range.from), Math.min(at + elements(shape), range.to)]
    at += elements(shape)
    return from < to ? [{ from, to, decays: decays(shape) }] : []
  })
}

/** Adds up the gradients of a range, as the mean over the weight of all tokens. @returns the sum of their squares */
export function addUp({ gradients }: SharedState, { from, to }: Range, weight: number): number {
  const [sum, other] = gradients
  let squares = 0
  for (let i = from; i < to; i++) {
    const value = ((sum[i] as number) + (other[i] as number)) / weight
    sum[i] = value
    squares += value * value
  }
  return squares
}

export interface Update {
  /** From 1. */
  step: number
  rate: number
  decay: number
  /** Factor on the gradients, which clips their norm. */
  scale: number
}

/** β₂ is smaller than in optimizer.ts, as thousands of steps are taken. */
const CONSTANTS = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8 }

/** One step of AdamW on parts of the weights. */
export function updateParts(
  { gradients: [gradients], ...state }: SharedState,
  parts: readonly Part[],
  { step: updates, rate: learningRate, decay, scale }: Update,
): void {
  const step = { ...CONSTANTS, updates, learningRate, scale }
  for (const part of parts)
    adamW({ ...state, gradients }, part, { ...step, weightDecay: part.decays ? decay : 0 })
}
