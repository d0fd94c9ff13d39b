/** Three ways to the same numbers: the training graph, the cache token by token, and the adapter merged. */
import { expect, it } from 'vitest'
import { createRandom } from '#lib/core/random.ts'
import type { Architecture } from '#lib/engine/model/architecture.ts'
import {
  createDecoder,
  createStoredDecoder,
  type Decoder,
  emptyCache,
  openDecodingSession,
  openStored,
} from '#lib/engine/model/decoder.ts'
import { initLora, merge, projections } from '#lib/engine/model/lora.ts'
import { parseModelConfig } from '#lib/engine/model/model-config.ts'
import type { Model } from '#lib/engine/model/model-folder.ts'
import { logProbabilities } from '#lib/engine/model/sampler.ts'
import { openTrainStep } from '#lib/engine/model/train-step.ts'
import { randomize, randomWeights, small, smallConfig } from './small-model.ts'

const untied = parseModelConfig({
  ...smallConfig,
  num_attention_heads: 6,
  head_dim: 16, // not hidden / heads
  tie_word_embeddings: false,
  vocab_size: 300,
})
const lora = { rank: 4, alpha: 8, targets: projections }

/** log p of each token but the first, with the cache: nine tokens at once, then one by one. */
async function decoded(decoder: Decoder, ids: number[]): Promise<number[]> {
  const found: number[] = []
  const cache = emptyCache(decoder.architecture, ids.length)
  for (let at = 9; at < ids.length; at++) {
    const logits = await decoder.read(ids.slice(cache.lengths[0], at), cache)
    found.push(logProbabilities(logits)[ids[at] as number] as number)
  }
  return found
}

/** Weights as inputs. */
const shared = async (model: Model) => createDecoder(model, await openDecodingSession(model, 1))
/** Weights in the session. */
const stored = async ({ architecture, weights }: Model) =>
  createStoredDecoder(await openStored(architecture, weights, 1))

const worst = (a: number[], b: number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))))

it.each([
  ['grouped queries, tied head', small],
  ['free head size, own head', untied],
])('%s', async (_name: string, architecture: Architecture) => {
  const weights = randomWeights(architecture, 1, 0.08)
  const factors = randomize(initLora(architecture, lora, 1), 4, 0.1)
  const random = createRandom(4)
  const ids = Array.from({ length: 24 }, () => Math.floor(random() * architecture.vocabulary))

  const adapted: Model = { architecture, weights, adapter: { lora, factors } }
  const merged: Model = { architecture, weights: merge(weights, factors, lora), adapter: null }
  const trainStep = openTrainStep(adapted, 1)
  const { logProbs } = await trainStep.predict([{ ids, weights: ids.map(() => 1) }])
  const trained = logProbs.slice(8)

  expect(worst(await decoded(await shared(adapted), ids), trained)).toBeLessThanOrEqual(1e-5)
  expect(worst(await decoded(await shared(merged), ids), trained)).toBeLessThanOrEqual(1e-5)
  expect(worst(await decoded(await stored(merged), ids), trained)).toBeLessThanOrEqual(1e-5)
  const base = await shared({ architecture, weights, adapter: null })
  expect(worst(await decoded(base, ids), trained)).toBeGreaterThan(1e-3)
})
