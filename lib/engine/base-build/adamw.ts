/** AdamW on flat arrays in shared memory, each half of which another thread updates. */

type Floats = Float32Array<SharedArrayBuffer>

/** One place of shared memory per number of every weight, in the order of `weightShapes`. */
export interface SharedState {
  weights: Floats
  m: Floats
  v: Floats
  /** One array for each half of a step; the first becomes their sum. */
  gradients: readonly [Floats, Floats]
  /** 1 where a weight decays: matrices do, norms do not. */
  decays: Uint8Array<SharedArrayBuffer>
}

export function allocate(size: number): SharedState {
  const floats = () => new Float32Array(new SharedArrayBuffer(4 * size))
  return {
    weights: floats(),
    m: floats(),
    v: floats(),
    gradients: [floats(), floats()],
    decays: new Uint8Array(new SharedArrayBuffer(size)),
  }
}

export interface Range {
  from: number
  to: number
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

const BETA_1 = 0.9
const BETA_2 = 0.98
const EPSILON = 1e-8

/** One step of AdamW on a range (see optimizer.ts); β₂ is smaller than there, as thousands of steps are taken. */
export function updateRange(state: SharedState, { from, to }: Range, update: Update): void {
  const { weights, m, v, decays } = state
  const [gradient] = state.gradients
  const step = update.rate / (1 - BETA_1 ** update.step)
  const square = 1 / (1 - BETA_2 ** update.step)
  const keep = 1 - update.rate * update.decay
  for (let i = from; i < to; i++) {
    const g = (gradient[i] as number) * update.scale
    const mean = BETA_1 * (m[i] as number) + (1 - BETA_1) * g
    const variance = BETA_2 * (v[i] as number) + (1 - BETA_2) * g * g
    m[i] = mean
    v[i] = variance
    const kept = (weights[i] as number) * (decays[i] === 1 ? keep : 1)
    weights[i] = kept - (step * mean) / (Math.sqrt(variance * square) + EPSILON)
  }
}
