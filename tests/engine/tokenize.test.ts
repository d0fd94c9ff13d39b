import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import type { WireTokens } from '#lib/engine/wire.ts'
import { readSamples } from '#lib/engine/worker/rows.ts'
import { elle, newFolder, startEngine, stopEngine, type TestEngine } from '#tests/support/engine.ts'

const base = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const CONTEXT = 512 // of the shipped base
const row = elle[0] as string

let engine: TestEngine
beforeAll(async () => {
  engine = await startEngine(await newFolder())
})
afterAll(() => stopEngine(engine))

const tokenize = (body: Record<string, unknown>) =>
  engine.client.post<WireTokens>('/tokenize', { body: { model: 'limerick-base', ...body } })

/** A line as the trainer reads it from its file. */
async function trained(line: string) {
  const file = path.join(engine.folder, 'row.jsonl')
  await writeFile(file, `${line}\n`)
  const reading = { tokenizer: readTokenizer(base), context: CONTEXT, date: new Date() }
  const [[sample] = []] = await readSamples(file, reading)
  if (!sample) throw new Error('no sample')
  return { ids: Array.from(sample.ids), mask: Array.from(sample.weights, (weight) => weight !== 0) }
}

test('tells the tokens and the mask that the trainer trains on', async () => {
  const { messages } = JSON.parse(row)
  const seen = await tokenize({ messages, add_generation_prompt: false })
  const { ids, mask } = await trained(row)
  expect(seen.tokens).toEqual(ids)
  expect(seen.limerick.trained).toEqual(mask)
  expect(seen).toMatchObject({ count: ids.length, max_model_len: CONTEXT })
  const learnt = seen.token_strs.filter((_, at) => seen.limerick.trained[at]).join('')
  expect(learnt).toBe(`${messages.at(-1).content}<|im_end|>`)
  expect(seen.token_strs.join('')).toContain(`<|im_start|>user\n${messages[1].content}<|im_end|>\n`)
})

test('leaves out what has no weight', async () => {
  const { messages } = JSON.parse(row)
  const unlearnt = messages.map((message: object) => ({ ...message, weight: 0 }))
  const seen = await tokenize({ messages: unlearnt, add_generation_prompt: false })
  expect(seen.limerick.trained).not.toContain(true)
})

test('shows what is beyond the context, and that nothing of it is trained', async () => {
  const messages = [
    { role: 'user', content: 'Go on.' },
    { role: 'assistant', content: 'and on '.repeat(600) },
  ]
  const seen = await tokenize({ messages, add_generation_prompt: false })
  const { ids, mask } = await trained(JSON.stringify({ messages }))
  expect(ids).toHaveLength(CONTEXT)
  expect(seen.count).toBeGreaterThan(CONTEXT)
  expect(seen.tokens.slice(0, CONTEXT)).toEqual(ids)
  expect(seen.limerick.trained.slice(0, CONTEXT)).toEqual(mask)
  expect(seen.limerick.trained.slice(CONTEXT)).not.toContain(true)
})

test('opens the reply as vLLM does unless it is told not to', async () => {
  const messages = [{ role: 'user', content: 'Héllo 🧪' }]
  const seen = await tokenize({ messages })
  expect(seen.token_strs.join('')).toBe('<|im_start|>user\nHéllo 🧪<|im_end|>\n<|im_start|>assistant\n')
  expect(seen.token_strs).toHaveLength(seen.count)
  expect(seen.token_strs.filter((_, at) => seen.limerick.special[at])).toEqual([
    '<|im_start|>',
    '<|im_end|>',
    '<|im_start|>',
  ])
})

test('answers at the root too, and refuses what the trainer would', async () => {
  const ask = (address: URL, body: unknown) =>
    fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.key}` },
      body: JSON.stringify(body),
    })
  const root = new URL('/tokenize', engine.baseURL)
  const messages = [{ role: 'user', content: 'hi' }]
  expect((await ask(root, { model: 'gpt-4o-mini', messages })).status).toBe(200)
  expect((await ask(root, { model: 'nobody', messages })).status).toBe(404)
  expect((await ask(root, { model: 'limerick-base', messages: [] })).status).toBe(400)
  const call = [{ role: 'assistant', tool_calls: [{ id: 'c' }] }]
  expect((await ask(root, { model: 'limerick-base', messages: call })).status).toBe(400)
})

test('reads a long row while the engine answers others', async () => {
  let over = false
  const asked = tokenize({ messages: [{ role: 'user', content: 'and on '.repeat(40_000) }] }).finally(() => {
    over = true
  })
  let answered = 0
  for (; !over; answered++) await engine.client.models.retrieve('limerick-base')
  expect((await asked).count).toBeGreaterThan(80_000)
  expect(answered).toBeGreaterThan(10)
})
