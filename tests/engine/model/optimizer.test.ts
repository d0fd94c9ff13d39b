import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createRandom, normal } from '#lib/core/random.ts'
import { allocate, partsOf, updateParts } from '#lib/engine/base-build/adamw.ts'
import { init, prepareUpdates, update } from '#lib/engine/model/optimizer.ts'
import { elements, type NamedShape, type Tensors, tensor } from '#lib/engine/model/tensors.ts'
import { compile, compiled } from '../../support/wasm.ts'

/** The first is longer than a block, and none can be divided by four. */
const shapes: NamedShape[] = [
  ['embedding', [131, 135]],
  ['norm', [5]],
  ['projection', [5, 9]],
]
const EMBEDDING = 131 * 135
const SIZE = EMBEDDING + 5 + 45
const STEPS = 7

/** Where the norm lies among all weights. */
const isNorm = (at: number): boolean => at >= EMBEDDING && at < EMBEDDING + 5

/** A number for every weight, for each step another. */
const numbers = (seed: number): Float32Array<ArrayBuffer> => {
  const random = createRandom(seed)
  return Float32Array.from({ length: SIZE }, () => normal(random))
}

/** AdamW as its paper writes it, one weight after the other; every result is rounded to float32. */
function expected({ beta2, decay, scales }: { beta2: number; decay: number; scales: readonly number[] }) {
  const weights = numbers(1)
  const [m, v] = [new Float32Array(SIZE), new Float32Array(SIZE)]
  const f = Math.fround
  for (const [at, scale] of scales.entries()) {
    const [t, rate, gradient] = [at + 1, 0.01 / (at + 1), numbers(100 + at)]
    const [step, square] = [f(rate / (1 - 0.9 ** t)), f(1 / (1 - beta2 ** t))]
    for (let i = 0; i < SIZE; i++) {
      const g = f((gradient[i] as number) * f(scale))
      const mean = f(f(f(0.9) * (m[i] as number)) + f(f(1 - 0.9) * g))
      const variance = f(f(f(beta2) * (v[i] as number)) + f(f(1 - beta2) * f(g * g)))
      m[i] = mean
      v[i] = variance
      const kept = f((weights[i] as number) * f(isNorm(i) ? 1 : 1 - rate * decay))
      const root = f(Math.sqrt(f(variance * square)))
      weights[i] = f(kept - f(f(step * mean) / f(root + f(1e-8))))
    }
  }
  return { weights, m, v }
}

const tensorsOf = (all: Float32Array<ArrayBuffer>): Tensors => {
  let at = 0
  return new Map(
    shapes.map(([name, shape]) => {
      const data = all.slice(at, at + elements(shape))
      at += data.length
      return [name, { shape, data }]
    }),
  )
}

const flat = (tensors: Tensors): number[] => shapes.flatMap(([name]) => [...tensor(tensors, name).data])

/** The arrays of a training, in one memory or each for itself. */
function begin(together: boolean) {
  const parameters = tensorsOf(numbers(1))
  return together
    ? prepareUpdates(parameters)
    : { parameters, optimizer: init(parameters), gradients: tensorsOf(new Float32Array(SIZE)) }
}

function fill(tensors: Tensors, all: Float32Array<ArrayBuffer>): void {
  for (const [name, { data }] of tensorsOf(all)) tensor(tensors, name).data.set(data)
}

describe('AdamW', () => {
  it.each([
    { weightDecay: 0, together: true },
    { weightDecay: 0.1, together: true },
    { weightDecay: 0.1, together: false },
  ])('of a training is bit for bit the formula: %o', ({ weightDecay, together }) => {
    const { parameters, gradients, optimizer: state } = begin(together)
    const scales: number[] = []
    for (let at = 0; at < STEPS; at++) {
      const options = { learningRate: 0.01 / (at + 1), clip: 1, weightDecay }
      fill(gradients, numbers(100 + at))
      const norm = update(parameters, gradients, state, options)
      scales.push(Math.min(1, 1 / (norm + 1e-6)))
    }
    expect(Math.max(...scales)).toBeLessThan(1)
    const wanted = expected({ beta2: 0.999, decay: weightDecay, scales })
    expect(flat(parameters)).toEqual([...wanted.weights])
    expect([flat(state.m), flat(state.v)]).toEqual([[...wanted.m], [...wanted.v]])
  })

  it.each([0, 0.05])('of a base build is the same, in two halves, with a decay of %d', (decay) => {
    const state = allocate(SIZE)
    state.weights.set(numbers(1))
    const halves = [
      { from: 0, to: EMBEDDING + 2 },
      { from: EMBEDDING + 2, to: SIZE },
    ].map((range) => partsOf(shapes, range))
    const scales = Array.from({ length: STEPS }, (_, at) => 1 / (at + 2))
    for (const [at, scale] of scales.entries()) {
      state.gradients[0].set(numbers(100 + at))
      for (const parts of halves.toReversed())
        updateParts(state, parts, { step: at + 1, rate: 0.01 / (at + 1), decay, scale })
    }
    const wanted = expected({ beta2: 0.98, decay, scales })
    expect([...state.weights]).toEqual([...wanted.weights])
    expect([[...state.m], [...state.v]]).toEqual([[...wanted.m], [...wanted.v]])
  })

  it('decays matrices alone: without gradients a matrix shrinks by lr · decay, and a norm stays', () => {
    const parameters = tensorsOf(new Float32Array(SIZE).fill(1))
    const options = { learningRate: 0.5, weightDecay: 0.5 }
    update(parameters, tensorsOf(new Float32Array(SIZE)), init(parameters), options)
    expect(flat(parameters)).toEqual(Array.from({ length: SIZE }, (_, at) => (isNorm(at) ? 1 : 0.75)))
  })

  it('names the tensors of a range, and how much of each', () => {
    expect(partsOf(shapes, { from: EMBEDDING - 5, to: EMBEDDING + 3 })).toEqual([
      { from: EMBEDDING - 5, to: EMBEDDING, decays: true },
      { from: EMBEDDING, to: EMBEDDING + 3, decays: false },
    ])
  })

  it.each([true, false])('tells the norm of all gradients, in one memory: %s', (together) => {
    const { parameters, gradients, optimizer } = begin(together)
    fill(gradients, numbers(5))
    const norm = update(parameters, gradients, optimizer, { learningRate: 0 })
    expect(norm).toBeCloseTo(Math.sqrt(numbers(5).reduce((sum, value) => sum + value * value, 0)), 10)
  })

  it('lets the mean of a weight that is never met again come to 0', () => {
    const parameters = tensorsOf(numbers(1))
    const state = init(parameters)
    const [gradients, none] = [tensorsOf(numbers(2)), tensorsOf(new Float32Array(SIZE))]
    for (let at = 0; at < 900; at++)
      update(parameters, at === 0 ? gradients : none, state, { learningRate: 0.001 })
    expect(Math.max(...flat(state.m).map(Math.abs))).toBe(0)
    expect(Math.min(...flat(state.v).filter((value) => value > 0))).toBeGreaterThan(1e-30)
  })

  it('changes nothing where a gradient is no number', () => {
    const { parameters, gradients, optimizer } = begin(true)
    const before = flat(parameters)
    fill(gradients, numbers(5).fill(Number.NaN, 7, 8))
    expect(update(parameters, gradients, optimizer, { learningRate: 1 })).toBeNaN()
    expect([flat(parameters), optimizer.updates]).toEqual([before, 0])
  })

  it('is compiled from its source', async () => {
    expect(readFileSync(compiled).equals(await compile())).toBe(true)
  })
})
