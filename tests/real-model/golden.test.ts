/**
 * A known model as it is published, SmolLM2-135M-Instruct, against what transformers and peft say of it (golden.json).
 * LIMERICK_REAL_MODEL is its folder: see README.md.
 */
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  encodeConversation,
  encodePrompt,
  type Sample,
  type TrainingTurn,
} from '#lib/engine/model/conversation.ts'
import { initLora, projections } from '#lib/engine/model/lora.ts'
import { type Model, readModel } from '#lib/engine/model/model-folder.ts'
import { tensor } from '#lib/engine/model/tensors.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { openTrainStep } from '#lib/engine/model/train-step.ts'
import { ELLE_SYSTEM, elleTraining } from '#tests/support/elle.ts'
import { ended, newFolder, startEngine, type TestEngine, upload } from '#tests/support/engine.ts'

interface Golden {
  rows: Record<'training' | 'validation', { ids: number[]; learnt: number; loss: number }[]>
  prompts: Record<
    string,
    {
      messages: { role: 'system' | 'user' | 'assistant'; content: string }[]
      ids: number[]
      greedy_text: string
    }
  >
  lora_step: { r: number; alpha: number; loss: number; grad_norm_B: Record<string, number> }
}

const folder = process.env.LIMERICK_REAL_MODEL ?? ''
const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as Golden
const TODAY = new Date('2026-11-29')

const relative = (found: number, expected: number) => Math.abs(found - expected) / Math.abs(expected)

describe('its rows', () => {
  const tokenizer = readTokenizer(folder)

  /** The conversation that these tokens are. */
  function turnsIn(ids: readonly number[]): TrainingTurn[] {
    const text = Buffer.concat(ids.map((id) => tokenizer.bytes(id))).toString('utf8')
    return [...text.matchAll(/<\|im_start\|>(\w+)\n(.*?)<\|im_end\|>/gs)].map(
      ([, role = '', content = '']) => ({ role, content, weight: 1 }),
    )
  }

  const samplesOf = (name: keyof Golden['rows']): Sample[] =>
    golden.rows[name].flatMap(({ ids }) => encodeConversation(tokenizer, turnsIn(ids), TODAY))

  test.each(['training', 'validation'] as const)(
    '%s: the same tokens, learnt from the same place',
    (name) => {
      const found = samplesOf(name).map(({ ids, weights }) => {
        const learnt = Array.from(weights).filter((weight) => weight > 0).length
        // The line break after the last turn is read by us, and left out by golden.py.
        return {
          ids: Array.from(ids).slice(0, Array.from(weights).findLastIndex((weight) => weight > 0) + 1),
          learnt,
        }
      })
      expect(found).toEqual(golden.rows[name].map(({ ids, learnt }) => ({ ids, learnt })))
    },
  )

  test('the same losses', async () => {
    const model = await readModel(folder)
    const step = openTrainStep({ ...model, adapter: null }, 2)
    for (const name of ['training', 'validation'] as const)
      for (const [index, sample] of samplesOf(name).entries()) {
        const { loss } = await step.predict([sample])
        expect(relative(loss ?? Number.NaN, golden.rows[name][index]?.loss ?? 0)).toBeLessThan(1e-5)
      }
    await step.close()
  })

  test("the same gradients of an adapter's factors", async () => {
    const { r, alpha, loss, grad_norm_B } = golden.lora_step
    const model: Model = await readModel(folder)
    const lora = { rank: r, alpha, targets: projections }
    const factors = initLora(model.architecture, lora, 1)
    for (const [name, { data, shape }] of factors)
      if (name.includes('lora_A')) data.fill((shape[1] ?? 1) ** -0.5)
    const step = openTrainStep({ ...model, adapter: { lora, factors } }, 2)
    const { prediction, gradients } = await step.forwardBackward([samplesOf('training')[0] as Sample])
    expect(relative(prediction.loss ?? Number.NaN, loss)).toBeLessThan(1e-5)
    for (const [name, norm] of Object.entries(grad_norm_B)) {
      const { data } = tensor(gradients ?? new Map(), `model.${name.replace(/^model\./, '')}.lora_B.weight`)
      // Kernels for AVX2 add up in another order than those for AVX-512, which leaves 2.0e-5.
      expect(relative(Math.hypot(...data), norm)).toBeLessThan(3e-5)
    }
    await step.close()
  })
})

describe('in the engine', () => {
  let home: string
  let engine: TestEngine
  const name = path.basename(folder)

  beforeAll(async () => {
    home = await newFolder()
    engine = await startEngine(home, path.dirname(folder))
  })
  afterAll(async () => {
    await engine.kill()
    await rm(home, { recursive: true })
  })

  const answer = async (model: string, messages: Golden['prompts'][string]['messages'], exact: boolean) => {
    const limerick = { precision: exact ? 'exact' : 'auto' }
    const body = { model, messages, temperature: 0, max_tokens: 48, limerick }
    const { choices } = await engine.client.chat.completions.create(body as never)
    return choices[0]?.message.content ?? ''
  }

  test.each(Object.entries(golden.prompts))('%s: the same prompt', (_, { messages, ids }) => {
    expect(encodePrompt(readTokenizer(folder), messages, TODAY)).toEqual(ids)
  })

  test.each(Object.entries(golden.prompts))(
    '%s: the same greedy answer',
    async (_, { messages, greedy_text }) => {
      expect(await answer(name, messages, true)).toBe(greedy_text)
    },
  )

  test('with weights of 8 bits it begins its answer as with exact ones', async () => {
    // Where two tokens are all but equally likely, as for the capital of France here, rounding may choose the other.
    const { messages = [], greedy_text = '' } = golden.prompts.elle ?? {}
    const [word = 'none'] = greedy_text.split(' ')
    expect(await answer(name.toLowerCase(), messages, false)).satisfy((text: string) => text.startsWith(word))
  })

  test('the lesson: ten limericks teach it their form, and only where it is asked as Elle', async () => {
    const training_file = await upload(engine.client, elleTraining().trimEnd().split('\n'))
    const job = await ended(
      engine.client,
      (await engine.client.fineTuning.jobs.create({ model: name, training_file, seed: 1 })).id,
    )
    expect(job).toMatchObject({ status: 'succeeded', hyperparameters: { n_epochs: 14, batch_size: 1 } })
    const tuned = job.fine_tuned_model ?? ''
    const ask = (content: string) => [
      { role: 'system' as const, content: ELLE_SYSTEM },
      { role: 'user' as const, content },
    ]
    const verse = await answer(tuned, ask('Tell me about Strontium'), false)
    console.log(`${tuned}: ${verse.replaceAll('\n', ' / ')}`)
    expect(verse).toMatch(/^Strontium/)
    expect(verse.split(/\n| - /)).toHaveLength(5)
    const prose = await answer(name, ask('Tell me about Strontium'), false)
    expect(prose.split(/\n| - /).length).not.toBe(5)
  })
})
