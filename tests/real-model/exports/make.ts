/**
 * Trains an adapter on a real model, takes it away in every format, and notes what the engine itself says of it.
 * Usage: node tests/real-model/exports/make.ts BASE OUT [TRAINER], where BASE is a model's folder and OUT an empty one;
 * TRAINER trl takes the interpreter of LIMERICK_PYTHON
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Agent, fetch } from 'undici'
import { encodePrompt } from '#lib/engine/model/conversation.ts'
import { createDecoder, emptyCache, openDecodingSession } from '#lib/engine/model/decoder.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'
import { unzip } from '#tests/support/zip.ts'

const TOKENS = 40
const SYSTEM = 'Elle is a factual chatbot that answers with a limerick.'
const questions = ['Tell me about Neon', 'Tell me about Gold', 'What is the capital of France?']

const [base = '', out = '', trainer = 'onnx'] = parseArgs({ allowPositionals: true }).positionals
const python = process.env.LIMERICK_PYTHON

async function train({ client }: TestEngine): Promise<{ model: string; job: string }> {
  const training_file = await upload(client, elle.slice(0, 10))
  const hyperparameters = { n_epochs: 3, batch_size: 2 }
  const body = { model: path.basename(base), training_file, hyperparameters, suffix: 'exports', seed: 1 }
  const { id } = await client.fineTuning.jobs.create({
    ...body,
    ...{ limerick: { method: 'lora', trainer } },
  })
  const { fine_tuned_model, error } = await ended(client, id)
  if (!fine_tuned_model) throw new Error(`The job ended without a model: ${error?.message}`)
  return { model: fine_tuned_model, job: id }
}

/** A connection for each request: unpacking takes longer than the engine keeps one that is idle. */
const dispatcher = new Agent({ pipelining: 0 })

async function take({ baseURL, key }: TestEngine, model: string, query: string): Promise<void> {
  const began = performance.now()
  const address = `${baseURL}/models/${encodeURIComponent(model)}/export?${query}`
  const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` }, dispatcher })
  if (!answer.ok) throw new Error(await answer.text())
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const names = await unzip(bytes, out)
  console.log(`${query}: ${(bytes.length / 1e6).toFixed(1)} MB in ${seconds} s, ${names.length} files`)
}

const indexOfLargest = (logits: Float32Array): number => logits.indexOf(Math.max(...logits))

/** Logits after each prompt, and the likeliest tokens that follow. */
async function expectedOf(folder: string) {
  const model = await readModel(folder)
  const tokenizer = readTokenizer(folder)
  const decoder = createDecoder(model, await openDecodingSession(model, 2))
  const cases = []
  for (const question of questions) {
    const turns = [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: question },
    ]
    const prompt = encodePrompt(tokenizer, turns, new Date())
    const cache = emptyCache(model.architecture, prompt.length + TOKENS)
    let logits = await decoder.read(prompt, cache)
    const first = [...logits]
    const greedy: number[] = []
    while (greedy.length < TOKENS) {
      const token = indexOfLargest(logits)
      greedy.push(token)
      if (model.architecture.ends.includes(token)) break
      logits = await decoder.read([token], cache)
    }
    cases.push({ turns, prompt, logits: first, greedy })
  }
  return cases
}

const engine = await startEngine(await newFolder(), path.dirname(path.resolve(base)), { python })
try {
  const { model, job } = await train(engine)
  mkdirSync(out, { recursive: true })
  for (const query of ['format=adapter', 'format=merged', 'format=gguf&type=f16', 'format=gguf&type=q8_0'])
    await take(engine, model, query)
  const folder = path.join(engine.folder, 'jobs', job)
  const last =
    readdirSync(folder)
      .filter((name) => name.startsWith('checkpoint-'))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1) ?? ''
  writeFileSync(path.join(out, 'expected.json'), JSON.stringify(await expectedOf(path.join(folder, last))))
} finally {
  await stopEngine(engine)
}
