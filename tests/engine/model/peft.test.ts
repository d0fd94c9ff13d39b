/** Adapters as PEFT writes them, against W + scale · B A computed here. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '#lib/core/random.ts'
import { addAdapters } from '#lib/engine/adapter-folders.ts'
import { type BaseModels, readBases } from '#lib/engine/base-models.ts'
import { loraShapes } from '#lib/engine/model/lora.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { mergedWeights } from '#lib/engine/model/model-folder.ts'
import { writeSafetensors } from '#lib/engine/model/safetensors.ts'
import { elements, type Tensor, type Tensors } from '#lib/engine/model/tensors.ts'

const base = fileURLToPath(new URL('../../../lib/engine/base', import.meta.url))
const architecture = readModelConfig(base)
const folder = mkdtempSync(path.join(tmpdir(), 'limerick-peft-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Config = Record<string, unknown>

const plain: Config = {
  peft_type: 'LORA',
  task_type: 'CAUSAL_LM',
  base_model_name_or_path: 'somebody/Limerick-Base',
  r: 4,
  lora_alpha: 10,
  target_modules: ['q_proj', 'down_proj'],
  bias: 'none',
  use_rslora: false,
  modules_to_save: null,
  lora_dropout: 0.1,
  megatron_core: 'megatron.core',
  qalora_group_size: 16,
  peft_version: '0.21.2',
  a_key_of_tomorrow: null,
}

/** Random factors by PEFT's names. @param rankOf by module */
function factorsFor(targets: string[], rankOf: (module: string) => number): Tensors {
  const random = createRandom(5)
  return new Map(
    loraShapes(architecture, { rank: 1, targets }).map(([name, shape]): [string, Tensor] => {
      const rank = rankOf(name.replace(/\.lora_[AB]\.weight$/, ''))
      const own = name.includes('.lora_A.') ? [rank, shape[1] ?? 0] : [shape[0] ?? 0, rank]
      const data = Float32Array.from({ length: elements(own) }, () => random() - 0.5)
      return [`base_model.model.${name}`, { shape: own, data }]
    }),
  )
}

function write(name: string, config: Config, factors: Tensors, dtype?: 'F16'): void {
  mkdirSync(path.join(folder, name))
  writeFileSync(path.join(folder, name, 'adapter_config.json'), JSON.stringify(config))
  writeSafetensors(path.join(folder, name, 'adapter_model.safetensors'), factors, dtype)
}

/** Row 3 of W + scale · B A of one module, in float64. */
function rowOf(weights: Tensors, factors: Tensors, module: string, scale: number): number[] {
  const w = weights.get(`${module}.weight`) as Tensor
  const a = factors.get(`base_model.model.${module}.lora_A.weight`) as Tensor
  const b = factors.get(`base_model.model.${module}.lora_B.weight`) as Tensor
  const [rank = 0, into = 0] = a.shape
  return Array.from({ length: into }, (_, column) => {
    let sum = 0
    for (let r = 0; r < rank; r++)
      sum += (b.data[3 * rank + r] as number) * (a.data[r * into + column] as number)
    return (w.data[3 * into + column] as number) + scale * sum
  })
}

const Q1 = 'model.layers.1.self_attn.q_proj'
const Q2 = 'model.layers.2.self_attn.q_proj'
const DOWN = 'model.layers.1.mlp.down_proj'

const patterns = {
  ...plain,
  rank_pattern: { 'layers.1.self_attn.q_proj': 6, down_proj: 2 },
  alpha_pattern: { '2.self_attn.q_proj': 3 },
}
const ranks = (module: string) => (module === Q1 ? 6 : module.endsWith('down_proj') ? 2 : 4)

/** Name, config, rank of each module, and the scale of three modules. */
const usable: [string, Config, (module: string) => number, number[]][] = [
  ['plain', plain, () => 4, [2.5, 2.5, 2.5]],
  ['rslora', { ...plain, use_rslora: true }, () => 4, [5, 5, 5]],
  ['patterns', patterns, ranks, [10 / 6, 3 / 4, 5]],
  ['regex', { ...plain, target_modules: '.*\\.(self_attn\\.q|mlp\\.down)_proj' }, () => 4, [2.5, 2.5, 2.5]],
  ['half', plain, () => 4, [2.5, 2.5, 2.5]],
]

const targets = ['q_proj', 'down_proj']
const four = () => factorsFor(targets, () => 4)
const without = (name: string) => new Map([...four()].filter(([key]) => !key.includes(name)))
const extra = (name: string) =>
  new Map([...four(), [name, { shape: [2], data: new Float32Array(2) }] as const])

/** What is wrong, config, factors, and what the reason names. */
const unusable: [string, Config, Tensors, string][] = [
  ['dora', { ...plain, use_dora: true }, four(), 'use_dora'],
  ['bias', { ...plain, bias: 'all' }, four(), 'bias'],
  ['saved', { ...plain, modules_to_save: ['lm_head'] }, four(), 'modules_to_save'],
  ['layers', { ...plain, layers_to_transform: [0] }, four(), 'layers_to_transform'],
  ['excluded', { ...plain, exclude_modules: 'x' }, four(), 'exclude_modules'],
  ['pissa', { ...plain, init_lora_weights: 'pissa' }, four(), 'init_lora_weights'],
  ['tomorrow', { ...plain, a_key_of_tomorrow: 1 }, four(), 'a_key_of_tomorrow'],
  ['prompt', { ...plain, peft_type: 'PROMPT_TUNING' }, four(), 'peft_type'],
  ['rank', { ...plain, r: 8 }, four(), 'lora_A.weight is [4,256]'],
  ['enormous', { ...plain, r: 2 ** 40 }, four(), 'lora_A.weight is [4,256]'],
  ['lacking', plain, without('layers.1.mlp'), `${DOWN}.lora_A.weight`],
  [
    'untargeted',
    { ...plain, target_modules: ['q_proj'] },
    four(),
    'mlp.down_proj.lora_A.weight is not known',
  ],
  ['embedding', plain, extra('base_model.model.lm_head.lora_A.weight'), 'lm_head.lora_A.weight'],
  ['no-target', { ...plain, target_modules: ['c_attn'] }, new Map(), 'target_modules'],
  ['stranger', { ...plain, base_model_name_or_path: 'a/stranger' }, four(), 'a/stranger'],
  ['on-adapter', { ...plain, base_model_name_or_path: 'half' }, four(), 'half'],
]

describe('an adapter of PEFT', () => {
  let bases: BaseModels
  beforeAll(async () => {
    for (const [name, config, rankOf] of usable)
      write(name, config, factorsFor(targets, rankOf), name === 'half' ? 'F16' : undefined)
    for (const [name, config, factors] of unusable) write(name, config, factors)
    mkdirSync(path.join(folder, 'pickled'))
    writeFileSync(path.join(folder, 'pickled', 'adapter_config.json'), JSON.stringify(plain))
    bases = readBases([folder])
    await addAdapters(bases, [folder], path.join(folder, '.kept'))
  })

  it.each(usable)('%s has the scale that PEFT gives it', async (name, _, rankOf, scales) => {
    const factors = factorsFor(targets, rankOf)
    const model = bases.usable.find((each) => each.name === name)
    expect(model).toMatchObject({ base: 'limerick-base' })
    const [found, weights] = [await mergedWeights(model?.folder ?? ''), await mergedWeights(base)]
    for (const [index, module] of [Q1, Q2, DOWN].entries()) {
      const expected = rowOf(weights, factors, module, scales[index] as number)
      const into = expected.length
      const row = found.get(`${module}.weight`)?.data.subarray(3 * into, 4 * into) ?? []
      const tolerance = name === 'half' ? 1e-2 : 1e-5
      for (const [at, value] of expected.entries())
        expect(Math.abs((row[at] as number) - value)).toBeLessThan(tolerance)
    }
    const untouched = 'model.layers.1.self_attn.k_proj.weight'
    expect(found.get(untouched)).toEqual(weights.get(untouched))
  })

  it.each(unusable)('%s is left out, and the reason names what is wrong', (name, _, __, words) => {
    expect(bases.usable.map((each) => each.name)).not.toContain(name)
    expect(bases.unusable.find((each) => each.name === name)?.reason).toContain(words)
  })

  it('without safetensors is left out', () => {
    expect(bases.unusable.find(({ name }) => name === 'pickled')?.reason).toBe(
      'it lacks adapter_model.safetensors',
    )
  })
})
