import { adamW, allocateTogether, sumOfSquares } from './adamw.ts'
import { bytesOf, type Tensors, tensor, zerosLike } from './tensors.ts'

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

export const init = (parameters: Tensors): AdamW => ({
  updates: 0,
  m: zerosLike(parameters),
  v: zerosLike(parameters),
})

/** Everything that an update reads and writes. */
export interface Trained {
  parameters: Tensors
  gradients: Tensors
  optimizer: AdamW
}

/** Most bytes that are copied. A larger copy takes more memory than a training has, and saves a smaller share of a step. */
const MOST_COPIED = 256 * 2 ** 20

/**
 * Makes room for gradients, and copies what is trained beside it, where an update needs no further copy; a large model
 * keeps its own arrays.
 * @param known none at the beginning
 */
export function prepareUpdates(parameters: Tensors, known?: AdamW): Trained {
  const optimizer = known ?? init(parameters)
  const gradients = zerosLike(parameters)
  const trained = { parameters, gradients, optimizer }
  const groups = [parameters, gradients, optimizer.m, optimizer.v]
  return groups.length * bytesOf(parameters) > MOST_COPIED ? trained : together(trained)
}

function together({ parameters, gradients, optimizer }: Trained): Trained {
  const groups = [parameters, gradients, optimizer.m, optimizer.v]
  const names = [...parameters.keys()]
  const arrays = allocateTogether(
    groups.flatMap((group) => names.map((name) => tensor(group, name).data.length)),
  )
  const [ownParameters, ownGradients, m, v] = groups.map((group, index): Tensors => {
    const placed = names.map((name, at) => {
      const { shape, data } = tensor(group, name)
      const own = arrays[index * names.length + at] as Float32Array<ArrayBuffer>
      own.set(data)
      return [name, { shape, data: own }] as const
    })
    return new Map(placed)
  }) as [Tensors, Tensors, Tensors, Tensors]
  return { parameters: ownParameters, gradients: ownGradients, optimizer: { ...optimizer, m, v } }
}

/**
 * One step of AdamW (see adamw.ts) after clipping by the global norm (Pascanu et al. 2013):
 * g ← g · min(1, clip / (‖g‖ + 10⁻⁶)). Stateless between calls. Overwrites parameters and state in place, because the
 * next step feeds the same arrays.
 * @returns ‖g‖ before clipping; if it is not finite, nothing was changed
 */
export function update(
  parameters: Tensors,
  gradients: Tensors,
  state: AdamW,
  options: UpdateOptions,
): number {
  const { learningRate, clip = 1, weightDecay = 0 } = options
  const norm = globalNorm(gradients)
  if (!Number.isFinite(norm)) return norm
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
