import { adamW, allocateTogether, sumOfSquares } from './adamw.ts'
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
  /** Of matrices; norms never decay. Default 0. */
  weightDecay?: number
}

/** The usual ones, also in PyTorch. */
const CONSTANTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

export function init(parameters: Tensors): AdamW {
  const empty = (): Tensors => new Map([...parameters].map(([name, { shape }]) => [name, zeros(shape)]))
  return { updates: 0, m: empty(), v: empty() }
}

/** Everything that an update reads and writes. */
export interface Trained {
  parameters: Tensors
  gradients: Tensors
  optimizer: AdamW
}

/** Copies what is trained to where an update needs no further copy of it. @param known at its beginning, none */
export function prepareUpdates(parameters: Tensors, known?: AdamW): Trained {
  const { m, v, updates } = known ?? init(parameters)
  const groups = [parameters, new Map(), m, v]
  const shapes = [...parameters].map(([name, { shape, data }]) => ({ name, shape, length: data.length }))
  const arrays = allocateTogether(groups.flatMap(() => shapes.map(({ length }) => length)))
  const [own, gradients, ownM, ownV] = groups.map((group, index): Tensors => {
    const placed = shapes.map(({ name, shape }, at) => {
      const data = arrays[index * shapes.length + at] as Float32Array<ArrayBuffer>
      const found = group.get(name)
      if (found) data.set(found.data)
      return [name, { shape, data }] as const
    })
    return new Map(placed)
  }) as [Tensors, Tensors, Tensors, Tensors]
  return { parameters: own, gradients, optimizer: { updates, m: ownM, v: ownV } }
}

/**
 * One step of AdamW (see adamw.ts) after clipping by the global norm (Pascanu et al. 2013):
 * g ← g · min(1, clip / (‖g‖ + 10⁻⁶)). Stateless between calls. Overwrites parameters and state in place, because the
 * next step feeds the same arrays.
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
  const step = {
    ...CONSTANTS,
    updates: state.updates,
    learningRate,
    scale: Math.min(1, clip / (norm + 1e-6)),
  }
  for (const [name, { data, shape }] of parameters) {
    const moments = {
      weights: data,
      gradients: tensor(gradients, name).data,
      m: tensor(state.m, name).data,
      v: tensor(state.v, name).data,
    }
    const decay = decays(shape) ? weightDecay : 0
    adamW(moments, { from: 0, to: data.length }, { ...step, weightDecay: decay })
  }
  return norm
}

/** Matrices decay, norms do not. */
export const decays = (shape: readonly number[]): boolean => shape.length > 1

const globalNorm = (gradients: Tensors): number =>
  Math.sqrt(gradients.values().reduce((sum, { data }) => sum + sumOfSquares(data), 0))

/** Share of all steps that the warm-up takes at most. */
const WARM_UP_SHARE = 0.2

/** Linear warm-up over so many steps, or a fifth of all, then linear decay to zero; `step` counts from 1. */
export function scheduled(peak: number, step: number, totalSteps: number, warmUp: number): number {
  const rising = Math.min(warmUp, Math.ceil(WARM_UP_SHARE * totalSteps))
  return peak * Math.min(1, step / rising) * (1 - (step - 1) / totalSteps)
}
