import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { createRandom } from '#lib/core/random.ts'
import { type Architecture, productOf, weightShapes } from './architecture.ts'
import { HALF } from './decoding-operations.ts'
import type { Dimension } from './onnx.ts'
import { reasons } from './reasons.ts'
import { elements, type NamedShape, type Tensor, type Tensors, tensor, zeros } from './tensors.ts'

/** Low-rank adaptation (Hu et al. 2021): W + alpha / rank · B A, W frozen, A [rank, in] and B [out, rank] trained. */
export interface Lora {
  rank: number
  alpha: number
  /** Last name parts of the adapted modules. */
  targets: readonly string[]
}

export const projections = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const

/** PEFT's prefix for every name in an adapter file. */
const PEFT_PREFIX = 'base_model.model.'

/** `adapter_config.json`; options that change the computation are rejected unless they are off. */
const AdapterConfig = z.looseObject({
  peft_type: z.literal('LORA'),
  base_model_name_or_path: z.string(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.array(z.enum(projections)).min(1),
  bias: z.literal('none').optional(),
  fan_in_fan_out: z.literal(false).optional(),
  use_rslora: z.literal(false).optional(),
  use_dora: z.literal(false).optional(),
  use_qalora: z.literal(false).optional(),
  lora_bias: z.literal(false).optional(),
  modules_to_save: z.null().optional(),
  layers_to_transform: z.null().optional(),
  layer_replication: z.null().optional(),
  trainable_token_indices: z.null().optional(),
  rank_pattern: z.strictObject({}).optional(),
  alpha_pattern: z.strictObject({}).optional(),
})

/** @throws AppError `invalid` that names the key, for adapters other than plain LoRA */
export function parseAdapterConfig(json: unknown): { lora: Lora; base: string } {
  const parsed = AdapterConfig.safeParse(json)
  if (!parsed.success)
    throw new AppError('invalid', { message: `This adapter cannot be used: ${reasons(parsed.error)}` })
  const { r, lora_alpha, target_modules, base_model_name_or_path } = parsed.data
  return { lora: { rank: r, alpha: lora_alpha, targets: target_modules }, base: base_model_name_or_path }
}

/** The config that PEFT needs to load the adapter. */
export const adapterConfig = ({ rank, alpha, targets }: Lora, base: string) => ({
  peft_type: 'LORA',
  task_type: 'CAUSAL_LM',
  base_model_name_or_path: base,
  r: rank,
  lora_alpha: alpha,
  lora_dropout: 0,
  target_modules: targets,
  bias: 'none',
  fan_in_fan_out: false,
  use_rslora: false,
  modules_to_save: null,
  inference_mode: true,
})

export const factorNames = (weight: string): { a: string; b: string } => {
  const module = weight.replace(/\.weight$/, '')
  return { a: `${module}.lora_A.weight`, b: `${module}.lora_B.weight` }
}

export const isTarget = ({ targets }: Pick<Lora, 'targets'>, weight: string) =>
  targets.some((target) => weight.endsWith(`.${target}.weight`))

/** Shapes of the factors. */
export function loraShapes(architecture: Architecture, lora: Pick<Lora, 'rank' | 'targets'>): NamedShape[] {
  return weightShapes(architecture).flatMap(([name, [out = 0, into = 0]]): NamedShape[] => {
    if (!isTarget(lora, name)) return []
    const { a, b } = factorNames(name)
    return [
      [a, [lora.rank, into]],
      [b, [out, lora.rank]],
    ]
  })
}

/** A uniform in ±1/√in (PEFT's Kaiming init with a = √5), B zero: the adapter starts as the identity. */
export function initLora(architecture: Architecture, lora: Lora, seed: number): Tensors {
  const random = createRandom(seed)
  const start = ([name, shape]: NamedShape): [
    string,
    { shape: number[]; data: Float32Array<ArrayBuffer> },
  ] => {
    const bound = name.includes('.lora_A.') ? 1 / Math.sqrt(shape[1] ?? 1) : 0
    const data = Float32Array.from({ length: elements(shape) }, () => bound * (2 * random() - 1))
    return [name, { shape, data }]
  }
  return new Map(loraShapes(architecture, lora).map(start))
}

/** W + alpha / rank · B A for each adapted W; other weights are shared, not copied. */
export const merge = (weights: Tensors, adapter: Tensors, lora: Lora): Tensors =>
  new Map([...weights].map(([name, w]) => [name, mergedWeight(name, w, adapter, lora)]))

/** One weight with the adapter merged; the weight itself if it is not adapted. */
export function mergedWeight(name: string, w: Tensor, adapter: Tensors, lora: Lora): Tensor {
  if (!isTarget(lora, name)) return w
  const { a, b } = factorNames(name)
  const product = lowRankProduct(tensor(adapter, a).data, tensor(adapter, b).data, lora)
  const data = new Float32Array(w.data.length)
  for (let i = 0; i < data.length; i++) data[i] = (w.data[i] as number) + (product[i] as number)
  return { shape: w.shape, data }
}

/** alpha / rank · B A, [out, in]. */
function lowRankProduct(a: Float32Array, b: Float32Array, { rank, alpha }: Lora): Float64Array {
  const out = b.length / rank
  const into = a.length / rank
  const product = new Float64Array(out * into)
  for (let i = 0; i < out; i++)
    for (let r = 0; r < rank; r++) {
      const factor = ((b[i * rank + r] as number) * alpha) / rank
      for (let j = 0; j < into; j++)
        product[i * into + j] = (product[i * into + j] as number) + factor * (a[r * into + j] as number)
    }
  return product
}

/** Matrices [out, in] of each product that an adapter can change, in the order in which they lie. */
function adaptable(a: Architecture): Map<string, { name: string; out: number; in: number }[]> {
  const matrices = weightShapes(a).filter(([name]) => isTarget({ targets: projections }, name))
  const sized = matrices.map(([name, [out = 0, width = 0]]) => ({ name, out, in: width }))
  return Map.groupBy(sized, ({ name }) => productOf(name))
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

/** Shapes of `productFactors`; the sum of the ranks is known only when the graph runs. */
export const productFactorShapes = (a: Architecture): [name: string, shape: Dimension[]][] =>
  [...adaptable(a)].flatMap(([product, matrices]): [string, Dimension[]][] => {
    const [names, ranks] = [factorNames(product), `ranks of ${product}`]
    return [
      [names.a, [ranks, matrices[0]?.in ?? 0]],
      [names.b, [sumOf(matrices.map(({ out }) => out)), ranks]],
    ]
  })

/** Writes factor · block into a matrix that is zero there. */
function putBlock(into: Tensor, block: Tensor, [row, column]: [number, number], factor: number): void {
  const [width = 0, own = 0] = [into.shape[1], block.shape[1]]
  for (let i = 0; i < block.data.length; i++)
    into.data[(row + Math.floor(i / own)) * width + column + (i % own)] = (block.data[i] as number) * factor
}

/**
 * The factors as `quantisedLinear` takes them, with alpha / rank multiplied into B. For a product of several matrices
 * A [ranks, in] are theirs below one another, and B [out, ranks] has theirs along its diagonal.
 * @param adapter null for none: factors of rank 0
 */
export function productFactors(a: Architecture, adapter: { lora: Lora; factors: Tensors } | null): Tensors {
  const found: Tensors = new Map()
  const { rank, alpha, targets } = adapter?.lora ?? { rank: 0, alpha: 0, targets: [] }
  const factors = adapter?.factors ?? new Map()
  for (const [product, matrices] of adaptable(a)) {
    const ranks = rank * matrices.filter(({ name }) => isTarget({ targets }, name)).length
    const [narrow, wide] = [
      zeros([ranks, matrices[0]?.in ?? 0]),
      zeros([sumOf(matrices.map(({ out }) => out)), ranks]),
    ]
    let [row, column] = [0, 0]
    for (const { name, out } of matrices) {
      if (isTarget({ targets }, name)) {
        const own = factorNames(name)
        putBlock(narrow, tensor(factors, own.a), [column, 0], 1 / HALF)
        putBlock(wide, tensor(factors, own.b), [row, column], alpha / rank / HALF)
        column += rank
      }
      row += out
    }
    const names = factorNames(product)
    found.set(names.a, narrow).set(names.b, wide)
  }
  return found
}

export const toPeft = (adapter: Tensors): Tensors =>
  new Map([...adapter].map(([name, t]) => [PEFT_PREFIX + name, t]))

export const fromPeft = (file: Tensors): Tensors =>
  new Map(
    [...file].map(([name, t]) => [name.startsWith(PEFT_PREFIX) ? name.slice(PEFT_PREFIX.length) : name, t]),
  )
