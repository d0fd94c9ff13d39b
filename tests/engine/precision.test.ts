/** How many bits a model answers with, and who says so. */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newFolder, startEngine, stopEngine, type TestEngine } from '../support/engine.ts'
import { writeBigModel } from './model/small-model.ts'

let engine: TestEngine
let folder: string

beforeAll(async () => {
  folder = await newFolder()
  writeBigModel(path.join(folder, 'big'))
  engine = await startEngine(await newFolder(), folder)
})
afterAll(async () => {
  await stopEngine(engine)
  await rm(folder, { recursive: true })
})

type Answer = OpenAI.ChatCompletion & { limerick: { decoding: { bits: number } } }

async function ask(model: string, more: object = {}) {
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  const body = { model, messages, max_tokens: 2, temperature: 0, ...more }
  return (await engine.client.chat.completions.create(body)) as Answer
}

test('a model says its bits per weight', async () => {
  const { data } = await engine.client.models.list()
  expect(data).toMatchObject([
    { id: 'limerick-base', limerick: { decoding: { bits: 32 } } },
    { id: 'big', limerick: { decoding: { bits: 8 } } },
  ])
})

test('an answer says those it was written with; a request may ask for float32', async () => {
  const [eight, exact] = [await ask('big'), await ask('big', { limerick: { precision: 'exact' } })]
  expect(eight.limerick.decoding).toEqual({ bits: 8 })
  expect(exact.limerick.decoding).toEqual({ bits: 32 })
  expect(eight.system_fingerprint).toBe(`${exact.system_fingerprint}_8bit`)
  expect((await ask('limerick-base')).limerick.decoding).toEqual({ bits: 32 })
  expect((await ask('big', { limerick: { precision: 'auto' } })).limerick.decoding).toEqual({ bits: 8 })
})

test('all three ways to ask take it', async () => {
  const limerick = { precision: 'exact' }
  const body = { model: 'big', limerick }
  const text = await engine.client.completions.create({ ...body, prompt: 'Hello', max_tokens: 2 } as never)
  const response = await engine.client.responses.create({
    ...body,
    input: 'Hello',
    max_output_tokens: 2,
  } as never)
  expect([text, response]).toMatchObject([
    { limerick: { decoding: { bits: 32 } } },
    { limerick: { decoding: { bits: 32 } } },
  ])
})

test('anything else is refused by its name', async () => {
  await expect(ask('big', { limerick: { precision: 'low' } })).rejects.toMatchObject({
    status: 400,
    param: 'limerick.precision',
  })
  await expect(ask('big', { limerick: { bits: 8 } })).rejects.toMatchObject({ status: 400 })
})
