/** Weights of 8 bits: what they lose, beside the same model in float32. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '#lib/core/random.ts'
import { type Architecture, weightShapes } from '#lib/engine/model/architecture.ts'
import {
  createDecoder,
  createQuantisedDecoder,
  type Decoder,
  emptyCache,
  openDecodingSession,
  openQuantised,
} from '#lib/engine/model/decoder.ts'
import { adapterConfig, initLora, projections, toPeft } from '#lib/engine/model/lora.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { type Model, readModel } from '#lib/engine/model/model-folder.ts'
import { BLOCK, type QuantisedWeights, quantise, quantisedRows } from '#lib/engine/model/quantise.ts'
import { writeSafetensors } from '#lib/engine/model/safetensors.ts'
import { logProbabilities } from '#lib/engine/model/sampler.ts'
import { type Tensor, type Tensors, upTo } from '#lib/engine/model/tensors.ts'
import { createGenerator } from '#lib/engine/worker/generate.ts'
import type { GenerateOrder, GeneratorReport } from '#lib/engine/worker/protocol.ts'
import { randomize, randomWeights, small, writeBigModel } from './small-model.ts'

const golden = (folder: string) => fileURLToPath(new URL(`../../fixtures/golden/${folder}`, import.meta.url))
const lora = { rank: 4, alpha: 12, targets: projections }

/** The float32 weights that the bytes stand for. */
function restored(a: Architecture, quantised: QuantisedWeights): Tensors {
  return new Map(
    weightShapes(a).map(([name, shape]): [string, Tensor] => {
      const [out = 0] = shape
      const vector = quantised.vectors.get(name)
      const data = vector
        ? new Float32Array(quantised.bytes.buffer, vector.offset, out)
        : quantisedRows(quantised, name, out)(upTo(out))
      return [name, { shape, data }]
    }),
  )
}

it('keeps every number within half a step of its block, also in a block that is not full', async () => {
  const weights = randomWeights(small, 3)
  const found = restored(small, quantise(small, weights))
  for (const [name, { shape, data }] of weights) {
    const width = shape[1]
    if (width === undefined) {
      expect(found.get(name)?.data).toEqual(data)
      continue
    }
    for (let start = 0; start < data.length; start += width)
      for (let block = start; block < start + width; block += BLOCK) {
        const own = data.subarray(block, Math.min(block + BLOCK, start + width))
        const step = Math.max(...own.map(Math.abs)) / 127
        const restoredBlock = found.get(name)?.data.subarray(block, block + own.length) as Float32Array
        const errors = own.map((value, index) => Math.abs(value - (restoredBlock[index] as number)))
        expect(Math.max(...errors)).toBeLessThanOrEqual(step * 0.5001)
      }
  }
})

/** log p of every token at every position: nine tokens at once, then one by one. */
async function read(decoder: Decoder, ids: readonly number[]): Promise<Float64Array[]> {
  const found: Float64Array[] = []
  const cache = emptyCache(decoder.architecture, ids.length)
  for (let at = 9; at < ids.length; at++)
    found.push(logProbabilities(await decoder.read(ids.slice(cache.lengths[0], at), cache)))
  return found
}

/** Kullback–Leibler divergence in nats per token. */
const divergence = (p: Float64Array[], q: Float64Array[]): number =>
  p.reduce(
    (sum, own, at) =>
      sum + own.reduce((all, value, id) => all + Math.exp(value) * (value - (q[at]?.[id] ?? 0)), 0),
    0,
  ) / p.length

const families = ['llama-untied', 'llama3-rope', 'smollm2-bf16', 'qwen2', 'qwen3', 'gemma3'] as const
const models: [string, () => Promise<Model>][] = [
  ['random', async () => ({ architecture: small, weights: randomWeights(small, 1), adapter: null })],
  ...families.map((name): [string, () => Promise<Model>] => [name, () => readModel(golden(name))]),
]

it.each(models)('%s: predicts as in float32, with and without an adapter', async (_name, make) => {
  const { architecture, weights } = await make()
  const random = createRandom(4)
  const ids = Array.from({ length: 24 }, () => Math.floor(random() * architecture.vocabulary))
  const quantised = quantise(architecture, weights)
  const shared = await openQuantised(architecture, quantised, { threads: 1, adaptable: true })
  const factors = randomize(initLora(architecture, lora, 1), 4, 0.1)

  const predictions: Float64Array[][] = []
  for (const adapter of [null, { lora, factors }]) {
    const model: Model = { architecture, weights: restored(architecture, quantised), adapter }
    const exact = await read(createDecoder(model, await openDecodingSession(model, 1)), ids)
    const found = await read(createQuantisedDecoder(shared, adapter), ids)
    expect(divergence(exact, found)).toBeLessThan(2e-3)
    predictions.push(exact)
  }
  // A session that no adapter can join predicts the same bits.
  const alone = await openQuantised(architecture, quantised, { threads: 1, adaptable: false })
  expect(await read(createQuantisedDecoder(alone, null), ids)).toEqual(
    await read(createQuantisedDecoder(shared, null), ids),
  )
  const [plain = [], adapted = []] = predictions
  expect(divergence(plain, adapted)).toBeGreaterThan(2e-2) // the adapter matters more than the rounding
})

let folder: string
const inside = (name: string) => path.join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-quantise-'))
  writeBigModel(inside('big'))
  const a = readModelConfig(inside('big'))
  mkdirSync(inside('adapted'))
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
    cpSync(path.join(inside('big'), name), path.join(inside('adapted'), name))
  writeFileSync(inside('adapted/adapter_config.json'), JSON.stringify(adapterConfig(lora, '../big')))
  const factors = toPeft(randomize(initLora(a, lora, 1), 4, 0.05))
  writeSafetensors(inside('adapted/adapter_model.safetensors'), factors)
})
afterAll(() => rmSync(folder, { recursive: true }))

type TokenReport = Extract<GeneratorReport, { kind: 'token' }>

/** log p of the first tokens of one answer after the other, by the same process. */
async function answers(orders: Partial<GenerateOrder>[]): Promise<number[][]> {
  let hear: (report: GeneratorReport) => void = () => {}
  const generator = createGenerator((report) => hear(report), 1)
  const found: number[][] = []
  for (const [index, rest] of orders.entries()) {
    const { promise, resolve, reject } = Promise.withResolvers<TokenReport[]>()
    const tokens: TokenReport[] = []
    hear = (report) => {
      if (report.kind === 'token') tokens.push(report)
      if (report.kind === 'finished') resolve(tokens)
      if (report.kind === 'refused') reject(new Error(report.message))
    }
    generator.start({
      ...{ kind: 'generate', id: String(index), model: inside('big'), maxTokens: 4, temperature: 0, topP: 1 },
      ...{ messages: 'Once upon a time there was', seed: 1, stop: [], topLogprobs: 0, exact: false },
      ...rest,
    } as GenerateOrder)
    found.push((await promise).map(({ logprob }) => logprob?.logprob ?? Number.NaN))
  }
  return found
}

it('answers with 8 bits above the size, exactly on request, and with adapters beside', {
  timeout: 60_000,
}, async () => {
  const [eight = [], exact = [], adapted = [], adaptedExact = [], again = []] = await answers([
    {},
    { exact: true },
    { model: inside('adapted') },
    { model: inside('adapted'), exact: true },
    {},
  ])
  const apart = ([p = Number.NaN]: number[], [q = Number.NaN]: number[]) => Math.abs(p - q)
  expect(eight).not.toEqual(exact)
  const effect = apart(exact, adaptedExact)
  expect(effect).toBeGreaterThan(0.5)
  expect(apart(eight, exact)).toBeLessThan(effect / 3)
  expect(apart(adapted, adaptedExact)).toBeLessThan(effect / 3)
  expect(again).toEqual(eight)
})
