import { type Tensors, tensor, zeros } from './tensors.ts'

/** AdamW's state: running means of the gradients (m) and of their squares (v), and the number of updates. */
export interface AdamW {
  updates: number
  m: Tensors
  v: Tensors
}

export interface UpdateOptions {
  learningRate: number
  /** Maximum global norm of the gradients. */
  clip?: number
  /** Decays matrices but not norms. */
  weightDecay?: number
}

const BETA_1 = 0.9
const BETA_2 = 0.999
const EPSILON = 1e-8

export function init(parameters: Tensors): AdamW {
  const empty = (): Tensors => new Map([...parameters].map(([name, { shape }]) => [name, zeros(shape)]))
  return { updates: 0, m: empty(), v: empty() }
}

/**
 * One step of AdamW (Loshchilov & Hutter 2019, algorithm 2) after clipping by the global norm (Pascanu et al. 2013):
 * g ← g · min(1, clip / (‖g‖ + 10⁻⁶)); p ← p (1 − lr · decay); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
 * p ← p − lr · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
 * Stateless between calls. Overwrites parameters and state in place, because the next step feeds the same arrays.
 * @returns ‖g‖ before clipping
 */
export function update(
  parameters: Tensors,
  gradients: Tensors,
  state: AdamW,
  options: UpdateOptions,
): number {
  const { learningRate, clip = 1, weightDecay = 0 } = options
  const norm = globalNorm(gradients)
  state.updates += 1
  const factors: Factors = {
    gradient: Math.min(1, clip / (norm + 1e-6)),
    step: learningRate / (1 - BETA_1 ** state.updates),
    square: 1 / (1 - BETA_2 ** state.updates),
    keep: 1 - learningRate * weightDecay,
  }
  for (const [name, { data, shape }] of parameters) {
    const keep = shape.length > 1 ? factors.keep : 1
    const moments = [tensor(state.m, name).data, tensor(state.v, name).data] as const
    updateTensor(data, tensor(gradients, name).data, ...moments, { ...factors, keep })
  }
  return norm
}

interface Factors {
  gradient: number
  step: number
  square: number
  keep: number
}

type Floats = Float32Array<ArrayBuffer>

function updateTensor(p: Floats, gradient: Floats, m: Floats, v: Floats, factors: Factors): void {
  const { gradient: clip, step, square, keep } = factors
  for (let i = 0; i < p.length; i++) {
    const g = (gradient[i] as number) * clip
    const mean = BETA_1 * (m[i] as number) + (1 - BETA_1) * g
    const variance = BETA_2 * (v[i] as number) + (1 - BETA_2) * g * g
    m[i] = mean
    v[i] = variance
    p[i] = (p[i] as number) * keep - (step * mean) / (Math.sqrt(variance * square) + EPSILON)
  }
}

function globalNorm(gradients: Tensors): number {
  let sum = 0
  for (const { data } of gradients.values())
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number
      sum += value * value
    }
  return Math.sqrt(sum)
}

/** Share of all steps that the warm-up takes at most. */
const WARM_UP_SHARE = 0.2

/** Linear warm-up over so many steps, or a fifth of all, then linear decay to zero; `step` counts from 1. */
export function scheduled(peak: number, step: number, totalSteps: number, warmUp: number): number {
  const rising = Math.min(warmUp, Math.ceil(WARM_UP_SHARE * totalSteps))
  return peak * Math.min(1, step / rising) * (1 - (step - 1) / totalSteps)
}
