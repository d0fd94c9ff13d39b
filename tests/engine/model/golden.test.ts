/** The engine against PyTorch in float64. The tolerances are explained in tests/fixtures/golden/README.md. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Sample } from '#lib/engine/model/conversation.ts'
import { createDecoder, emptyCache, openDecodingSession } from '#lib/engine/model/decoder.ts'
import { fromPeft, parseAdapterConfig } from '#lib/engine/model/lora.ts'
import { parseModelConfig, readModelConfig } from '#lib/engine/model/model-config.ts'
import { type Model, readModel } from '#lib/engine/model/model-folder.ts'
import { init, update } from '#lib/engine/model/optimizer.ts'
import { logProbsOf, type Pair, preferenceStep } from '#lib/engine/model/preference.ts'
import { readSafetensors } from '#lib/engine/model/safetensors.ts'
import { logProbabilities } from '#lib/engine/model/sampler.ts'
import { type Tensors, tensor } from '#lib/engine/model/tensors.ts'
import { openTrainStep, type TrainableModel } from '#lib/engine/model/train-step.ts'

const golden = fileURLToPath(new URL('../../fixtures/golden', import.meta.url))
const file = (...parts: string[]) => path.join(golden, ...parts)
const json = (...parts: string[]) => JSON.parse(readFileSync(file(...parts), 'utf8'))

interface GoldenGradient {
  norm: number
  dot_cos: number
  entries: [index: number, value: number][]
}

interface GoldenPreference {
  beta: number
  loss: number
  loss_per_pair: number[]
  rewards_chosen_mean: number
  rewards_rejected_mean: number
  margin: number
  accuracy: number
  grads: Record<string, GoldenGradient>
  grad_norm_total: number
}

interface Batch {
  input_ids: number[][]
  lengths: number[]
  loss_weights: number[][]
}

const base = (): Model => ({
  architecture: readModelConfig(file('llama-tied')),
  weights: readSafetensors(file('llama-tied', 'model.safetensors')),
  adapter: null,
})

const adapted = (): Model => ({
  ...base(),
  adapter: {
    lora: parseAdapterConfig(json('lora', 'adapter_config.json')).lora,
    factors: fromPeft(readSafetensors(file('lora', 'adapter_model.safetensors'))),
  },
})

const samples = ({ input_ids, lengths, loss_weights }: Batch): Sample[] =>
  lengths.map((length, row) => ({
    ids: (input_ids[row] ?? []).slice(0, length),
    weights: (loss_weights[row] ?? []).slice(0, length),
  }))

/** The same samples with every target counted, to see the log-probability of each. */
const unweighted = (sample: Sample): Sample => ({ ids: sample.ids, weights: Array.from(sample.ids, () => 1) })

const near = (found: number, expected: number, tolerance = 1e-5) =>
  expect(Math.abs(found - expected) / Math.abs(expected)).toBeLessThanOrEqual(tolerance)

function listNear(found: ArrayLike<number>, expected: number[]) {
  expect(found.length).toBe(expected.length)
  const rms = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length)
  const errors = expected.map(
    (value, i) => Math.abs((found[i] as number) - value) / Math.max(Math.abs(value), rms),
  )
  expect(Math.max(...errors)).toBeLessThanOrEqual(1e-5)
}

const norm = (data: Float32Array) => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0))

function gradientNear(found: Float32Array, expected: GoldenGradient) {
  near(norm(found), expected.norm)
  const largest = Math.abs(expected.entries[0]?.[1] as number)
  for (const [index, value] of expected.entries)
    expect(Math.abs((found[index] as number) - value) / largest).toBeLessThanOrEqual(1e-5)
  const dot = found.reduce((sum, value, i) => sum + value * Math.cos(i), 0)
  const scale = Math.max(Math.abs(expected.dot_cos), expected.norm)
  expect(Math.abs(dot - expected.dot_cos) / scale).toBeLessThanOrEqual(1e-5)
}

/** Each family, and each way in which a folder is published. */
const published = [
  'llama-tied',
  'llama-untied',
  'llama-untied-sharded',
  'llama3-rope',
  'smollm2',
  'smollm2-bf16',
  'qwen2',
  'qwen3',
  'gemma3',
  'granite',
  'mistral',
] as const

const cases: [string, () => Promise<Model>][] = [
  ...published.map((folder): [string, () => Promise<Model>] => [folder, () => readModel(file(folder))]),
  ['lora', async () => adapted()],
]

describe.each(cases)('%s', (folder, model) => {
  const cases = json(folder, 'cases.json')

  it('has the same losses, accuracy and gradients', async () => {
    const trainStep = openTrainStep(await model(), 1)
    const { prediction, gradients } = await trainStep.forwardBackward(samples(cases.batch))
    near(prediction.loss ?? Number.NaN, cases.expected.loss)
    expect(prediction.accuracy).toBeCloseTo(cases.expected.token_accuracy, 12)
    expect(prediction.tokens).toBe(cases.expected.counted_tokens)

    const found = gradients as Tensors
    const expected: [string, GoldenGradient][] = Object.entries(cases.expected.grads)
    expect(found.size).toBe(expected.length)
    for (const [name, gradient] of expected)
      gradientNear(tensor(found, name.replace('base_model.model.', '')).data, gradient)
    near(Math.hypot(...[...found.values()].map(({ data }) => norm(data))), cases.expected.grad_norm_total)
    await trainStep.close()
  })

  it('has the same loss and log-probabilities for each sequence', async () => {
    const trainStep = openTrainStep(await model(), 1)
    for (const [row, sample] of samples(cases.batch).entries()) {
      near((await trainStep.predict([sample])).loss ?? Number.NaN, cases.expected.loss_per_sequence[row])
      const { logProbs } = await trainStep.predict([unweighted(sample)])
      listNear(
        logProbs.map((value) => -value),
        cases.expected.nll[row],
      )
    }
    await trainStep.close()
  })

  it('has the same logits, read at once or after a cache', async () => {
    const decoder = createDecoder(await model(), await openDecodingSession(await model(), 1))
    for (const [row, { ids }] of samples(cases.batch).entries())
      for (const [index, position] of cases.expected.logits_positions[row].entries()) {
        const prefix = Array.from(ids).slice(0, position + 1)
        const half = prefix.length >> 1
        const empty = () => emptyCache(decoder.architecture, prefix.length)
        const whole = await decoder.read(prefix, empty())
        const cache = empty()
        await decoder.read(prefix.slice(0, half), cache)
        const rest = await decoder.read(prefix.slice(half), cache)
        listNear(whole, cases.expected.logits[row][index])
        listNear(rest, cases.expected.logits[row][index])
      }
  })

  it('continues greedily with the same tokens', async () => {
    const decoder = createDecoder(await model(), await openDecodingSession(await model(), 1))
    const { prompt, new_tokens } = cases.greedy
    const cache = emptyCache(decoder.architecture, prompt.length + new_tokens)
    let logits = await decoder.read(prompt, cache)
    const ids: number[] = []
    const picked: number[] = []
    while (ids.length < new_tokens) {
      const logProbs = logProbabilities(logits)
      const id = logProbs.indexOf(Math.max(...logProbs))
      ids.push(id)
      picked.push(logProbs[id] as number)
      logits = await decoder.read([id], cache)
    }
    expect(ids).toEqual(cases.greedy.continuation)
    listNear(picked, cases.greedy.logprobs)
  })
})

describe('preference optimisation', () => {
  const cases = json('dpo', 'cases.json')
  const sampleOf = (prompt: number[], answer: number[]): Sample => ({
    ids: [...prompt, ...answer],
    weights: [...prompt.map(() => 0), ...answer.map(() => 1)],
  })
  const pairs: Pair[] = cases.pairs.map(({ prompt, chosen, rejected }: Record<string, number[]>) => ({
    chosen: sampleOf(prompt ?? [], chosen ?? []),
    rejected: sampleOf(prompt ?? [], rejected ?? []),
  }))
  const logProbs = async (model: Model) => {
    const trainStep = openTrainStep(model, 1)
    return logProbsOf(trainStep, pairs).finally(() => trainStep.close())
  }

  it('has the same log-probabilities of answers', async () => {
    const { logps } = cases
    const [policy, reference] = [await logProbs(adapted()), await logProbs(base())]
    listNear(
      policy.map(({ chosen }) => chosen),
      logps.policy_chosen,
    )
    listNear(
      policy.map(({ rejected }) => rejected),
      logps.policy_rejected,
    )
    listNear(
      reference.map(({ chosen }) => chosen),
      logps.reference_chosen,
    )
    listNear(
      reference.map(({ rejected }) => rejected),
      logps.reference_rejected,
    )
  })

  it.each<[number, GoldenPreference]>(cases.runs.map((run: GoldenPreference) => [run.beta, run]))(
    'has the same losses, rewards and gradients with beta %f',
    async (beta, expected) => {
      const reference = await logProbs(base())
      const trainStep = openTrainStep(adapted(), 1)
      const { loss, losses, rewards, gradients } = await preferenceStep(trainStep, pairs, reference, beta)
      near(loss, expected.loss)
      listNear(losses, expected.loss_per_pair)
      near(rewards.chosen, expected.rewards_chosen_mean)
      near(rewards.rejected, expected.rewards_rejected_mean)
      near(rewards.margin, expected.margin)
      expect(rewards.accuracy).toBe(expected.accuracy)
      const found = gradients as Tensors
      expect(found.size).toBe(Object.keys(expected.grads).length)
      for (const [name, gradient] of Object.entries(expected.grads))
        gradientNear(tensor(found, name.replace('base_model.model.', '')).data, gradient)
      near(Math.hypot(...[...found.values()].map(({ data }) => norm(data))), expected.grad_norm_total)
      await trainStep.close()
    },
  )
})

it('takes the same five AdamW steps', async () => {
  const cases = json('adamw', 'cases.json')
  const { architecture, weights }: TrainableModel = base()
  const before = base().weights
  const trainStep = openTrainStep({ architecture, weights, adapter: null }, 1)
  const state = init(weights)
  const { lr, clip_norm, weight_decay_2d } = cases.optimizer
  for (const step of cases.steps) {
    const { prediction, gradients } = await trainStep.forwardBackward(samples(cases.batch))
    near(prediction.loss ?? Number.NaN, step.loss_before_update)
    const options = { learningRate: lr, clip: clip_norm, weightDecay: weight_decay_2d }
    near(update(weights, gradients as Tensors, state, options), step.grad_norm_before_clip)
    for (const [name, expected] of Object.entries(step.param_norms_after))
      near(norm(tensor(weights, name).data), expected as number)
  }
  near((await trainStep.predict(samples(cases.batch))).loss ?? Number.NaN, cases.loss_after_step_5)
  for (const [name, expected] of Object.entries(cases.update_norms_after_step_5)) {
    const start = tensor(before, name).data
    near(
      norm(tensor(weights, name).data.map((value, i) => value - (start[i] as number))),
      expected as number,
      1e-4,
    )
  }
  await trainStep.close()
})

it.each(published.filter((folder) => existsSync(file(folder, 'config.rope_parameters.json'))))(
  '%s: a config as transformers 5 saves it says the same',
  (folder) => {
    const [four, five] = ['config.json', 'config.rope_parameters.json'].map((name) =>
      parseModelConfig(json(folder, name)),
    )
    expect(five).toEqual(four)
  },
)
