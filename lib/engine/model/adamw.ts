/** AdamW (Loshchilov & Hutter 2019, algorithm 2) on flat arrays: the inner loop of every training. */

type Floats = Float32Array<ArrayBufferLike>

/** One number per weight each; `m` and `v` are the running means of the gradients and of their squares. */
export interface Moments {
  weights: Floats
  gradients: Floats
  m: Floats
  v: Floats
}

/** Places in the arrays; `to` is not one of them. */
export interface Range {
  from: number
  to: number
}

export interface Step {
  /** Number of updates, this one included. */
  updates: number
  learningRate: number
  /** Decoupled: applied to the weights themselves, so that no large gradient hides it; 0 for none. */
  weightDecay: number
  /** Factor on the gradients, which clips their norm. */
  scale: number
  beta1: number
  beta2: number
  epsilon: number
}

/**
 * One step on a range, in one pass: g ← g · scale; p ← p (1 − lr · decay); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
 * p ← p − lr · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Overwrites weights, m and v.
 */
export function adamW({ weights, gradients, m, v }: Moments, { from, to }: Range, step: Step): void {
  const { updates, learningRate, weightDecay, scale, beta1, beta2, epsilon } = step
  const rate = learningRate / (1 - beta1 ** updates)
  const square = 1 / (1 - beta2 ** updates)
  const keep = 1 - learningRate * weightDecay
  for (let i = from; i < to; i++) {
    const g = (gradients[i] as number) * scale
    const mean = beta1 * (m[i] as number) + (1 - beta1) * g
    const variance = beta2 * (v[i] as number) + (1 - beta2) * g * g
    m[i] = mean
    v[i] = variance
    weights[i] = (weights[i] as number) * keep - (rate * mean) / (Math.sqrt(variance * square) + epsilon)
  }
}
