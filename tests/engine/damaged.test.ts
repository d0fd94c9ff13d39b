import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'

const ONE_STEP = { n_epochs: 1, batch_size: 10 }

let engine: TestEngine
let training_file: string
let model: string
/** Of the model that was trained. */
let folder: string

const train = async (model: string) => {
  const { id } = await engine.client.fineTuning.jobs.create({
    model,
    training_file,
    hyperparameters: ONE_STEP,
  })
  return ended(engine.client, id)
}

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  training_file = await upload(engine.client, elle.slice(0, 10))
  const job = await train('limerick-base')
  model = job.fine_tuned_model ?? ''
  folder = path.join(engine.folder, 'jobs', job.id, 'checkpoint-1')
})
afterAll(() => stopEngine(engine))

const chat = () =>
  engine.client.chat.completions
    .create({ model, messages: [{ role: 'user', content: 'Tell me about Gold' }], max_tokens: 4 })
    .then(
      () => 'answered',
      ({ status, code, message }: APIError) => ({ status, code, message }),
    )

/** One bit of the last weight: the file is a whole model of another one. */
function flip(): void {
  const file = path.join(folder, 'model.safetensors')
  const bytes = readFileSync(file)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(file, bytes)
}

describe('a model whose weights are not what they were', () => {
  test('keeps what it was made of beside them, without what its trainer alone needed', async () => {
    await until('the tidying', async () => !readdirSync(folder).includes('optimizer.safetensors'))
    expect(readdirSync(folder)).toContain('manifest.json')
  })

  test('does not answer and is not trained on, and its file is named', async () => {
    flip()
    expect(await chat()).toEqual({
      status: 500,
      code: 'model_damaged',
      message: expect.stringMatching(/damaged: its file model\.safetensors is not what it was/),
    })
    expect(await train(model)).toMatchObject({
      status: 'failed',
      error: { code: 'model_damaged', message: expect.stringContaining('model.safetensors') },
    })
  })

  test('put back, it answers', async () => {
    flip()
    expect(await chat()).toBe('answered')
  })

  test('a small file of it counts as well', async () => {
    const file = path.join(folder, 'tokenizer_config.json')
    const text = readFileSync(file, 'utf8')
    rmSync(file)
    flip() // another stamp: the model is read again
    flip()
    expect(await chat()).toMatchObject({
      code: 'model_damaged',
      message: expect.stringContaining(path.basename(file)),
    })
    writeFileSync(file, text)
  })

  test('one that was made before there was a manifest goes on as it is', async () => {
    rmSync(path.join(folder, 'manifest.json'))
    flip()
    expect(await chat()).toBe('answered')
  })
})
