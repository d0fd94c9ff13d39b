/**
 * A LoRA adapter as PEFT writes it (huggingface/peft, tuners/lora/config.py and model.py), brought into our form: one
 * rank, one scale, whole projections. What would change the result and is not known is refused by its name.
 */
import { RE2JS } from 're2js'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { type Architecture, weightShapes } from './architecture.ts'
import { factorNames, type Lora, loraShapes, projections } from './lora.ts'
import type { Adapter } from './model-folder.ts'
import { reasons } from './reasons.ts'
import { type NamedShape, type Tensor, type Tensors, zeros } from './tensors.ts'

/** Keys that say how it was trained or how its base was loaded, and change nothing now. */
const indifferent = new Set([
  'auto_mapping',
  'eva_config',
  'inference_mode',
  'layers_pattern', // of layers_to_transform, which has to be off
  'lora_dropout',
  'megatron_core',
  'peft_version',
  'qalora_group_size', // of use_qalora, which has to be off
  'revision',
  'runtime_config',
])

const positive = z.number().positive()

const Config = z.looseObject({
  peft_type: z.literal('LORA'),
  task_type: z.literal('CAUSAL_LM').nullish(),
  base_model_name_or_path: z.string().min(1),
  r: z.number().int().positive(),
  lora_alpha: positive,
  target_modules: z.union([z.string().min(1), z.array(z.string()).min(1)]),
  bias: z.literal('none').optional(),
  use_rslora: z.boolean().nullish(),
  rank_pattern: z.record(z.string(), z.number().int().positive()).nullish(),
  alpha_pattern: z.record(z.string(), positive).nullish(),
  /** Others (pissa, olora, loftq …) change the base's weights too. */
  init_lora_weights: z.union([z.boolean(), z.enum(['gaussian', 'eva', 'orthogonal'])]).nullish(),
})
export type PeftConfig = z.infer<typeof Config>

export const UNUSABLE_ADAPTER = 'This adapter cannot be used: '

const refuse = (reason: string) => new AppError('invalid', { message: UNUSABLE_ADAPTER + reason })

const isOff = (value: unknown): boolean =>
  value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0)

/** @throws AppError `invalid` that names the key, for anything that would be computed in another way */
export function parsePeftConfig(json: unknown): PeftConfig {
  const parsed = Config.safeParse(json)
  if (!parsed.success) throw refuse(reasons(parsed.error))
  for (const [key, value] of Object.entries(parsed.data))
    if (!(key in Config.shape) && !indifferent.has(key) && !isOff(value))
      throw refuse(`${key}: ${JSON.stringify(value)} is not known`)
  return parsed.data
}

/** RE2 takes time in proportion to the text, whatever the pattern. */
function matches(pattern: string, module: string): boolean {
  try {
    return RE2JS.matches(pattern, module)
  } catch {
    throw refuse(`the pattern ${pattern} cannot be read`)
  }
}

/** @param module such as `model.layers.0.self_attn.q_proj` */
function isTargeted({ target_modules: targets }: PeftConfig, module: string): boolean {
  if (typeof targets !== 'string')
    return targets.some((target) => module === target || module.endsWith(`.${target}`))
  return targets.toLowerCase() === 'all-linear' || matches(targets, module)
}

const patterned = (pattern: Record<string, number> | null | undefined, module: string): number | undefined =>
  Object.entries(pattern ?? {}).find(([key]) => matches(`(.*\\.)?(${key})`, module))?.[1]

const lastPart = (module: string): string => module.slice(module.lastIndexOf('.') + 1)

const isProjection = (module: string): boolean => projections.some((name) => name === lastPart(module))

/** The modules that the adapter changes, each with the shape of its weight. */
const targetsOf = (config: PeftConfig, architecture: Architecture): NamedShape[] =>
  weightShapes(architecture)
    .map(([name, shape]): NamedShape => [name.replace(/\.weight$/, ''), shape])
    .filter(([module]) => isProjection(module) && isTargeted(config, module))

interface Part {
  module: string
  a: Tensor
  b: Tensor
  rank: number
  /** Factor on B A. */
  scale: number
}

const PREFIX = 'base_model.model.'

function partOf(config: PeftConfig, file: Tensors, [module, [out = 0, into = 0]]: NamedShape): Part {
  const rank = patterned(config.rank_pattern, module) ?? config.r
  const alpha = patterned(config.alpha_pattern, module) ?? config.lora_alpha
  const names = factorNames(PREFIX + module)
  const [a, b] = [file.get(names.a), file.get(names.b)]
  if (!a || !b) throw refuse(`it lacks ${a ? names.b : names.a}`)
  expectShape(names.a, a, [rank, into])
  expectShape(names.b, b, [out, rank])
  return { module, a, b, rank, scale: alpha / (config.use_rslora ? Math.sqrt(rank) : rank) }
}

/** @throws AppError `invalid` for a tensor that is not part of a targeted module */
function expectNoMore(file: Tensors, parts: readonly Part[]): void {
  const known = new Set(parts.flatMap(({ module }) => Object.values(factorNames(PREFIX + module))))
  for (const name of file.keys()) if (!known.has(name)) throw refuse(`its tensor ${name} is not known`)
}

/** @throws AppError `invalid` for a shape that rank and base do not give */
function expectShape(name: string, { shape }: Tensor, expected: readonly number[]): void {
  if (shape.join() !== expected.join())
    throw refuse(`its tensor ${name} is [${shape}], but its config and its base say [${expected}]`)
}

/** Copies a part into the first ranks; the others stay zero, and add nothing. */
function place({ module, a, b, rank, scale }: Part, factors: Tensors, lora: Lora): void {
  const names = factorNames(module)
  const [toA, toB] = [factors.get(names.a), factors.get(names.b)]
  if (!toA || !toB) throw new TypeError(`there is no module ${module}`)
  const [out = 0] = toB.shape
  const factor = scale / (lora.alpha / lora.rank)
  toA.data.set(a.data)
  for (let row = 0; row < out; row++)
    for (let r = 0; r < rank; r++) toB.data[row * lora.rank + r] = (b.data[row * rank + r] as number) * factor
}

/**
 * An adapter file for a base of this architecture.
 * @param file tensors by PEFT's names
 * @throws AppError `invalid` that names the tensor or key
 */
export function readPeft(config: PeftConfig, file: Tensors, architecture: Architecture): Adapter {
  const parts = targetsOf(config, architecture).map((target) => partOf(config, file, target))
  expectNoMore(file, parts)
  const [first] = parts
  if (!first) throw refuse('target_modules names no projection of its base')
  const rank = Math.max(...parts.map((part) => part.rank))
  // The most frequent case, one scale for all, keeps every number as it is.
  const alpha = first.scale * rank
  const targets = [...new Set(parts.map(({ module }) => lastPart(module)))]
  const lora: Lora = { rank, alpha, targets }
  const factors: Tensors = new Map(
    loraShapes(architecture, lora).map(([name, shape]) => [name, zeros(shape)]),
  )
  for (const part of parts) place(part, factors, lora)
  return { lora, factors }
}
