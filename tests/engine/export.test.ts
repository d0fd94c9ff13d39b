/** Models taken away in every format, and read back. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mergedWeights, readModel } from '#lib/engine/model/model-folder.ts'
import type { Tensors } from '#lib/engine/model/tensors.ts'
import type { WireExports, WireModel } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
  workersOf,
} from '#tests/support/engine.ts'
import { readGguf } from '#tests/support/gguf.ts'
import { unzip } from '#tests/support/zip.ts'

/** What was taken away; a second engine has it as its folder of models. */
const taken = mkdtempSync(path.join(tmpdir(), 'limerick-export-'))

let engine: TestEngine
let other: TestEngine
let lora: string
let further: string
let full: string

async function train(model: string, method: 'full' | 'lora', { client } = engine): Promise<string> {
  const training_file = await upload(client, elle.slice(0, 10))
  const hyperparameters = { n_epochs: 1, batch_size: 5 }
  const body = { model, training_file, hyperparameters, suffix: 'poems', seed: 3 }
  const { id } = await client.fineTuning.jobs.create({ ...body, ...{ limerick: { method } } })
  const { status, fine_tuned_model } = await ended(client, id)
  expect(status).toBe('succeeded')
  return fine_tuned_model ?? ''
}

const get = (model: string, query: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${engine.baseURL}/models/${encodeURIComponent(model)}/export?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${engine.key}` },
    ...(signal ? { signal } : {}),
  })

const offersOf = async (model: string) => ((await (await get(model)).json()) as WireExports).data

/** Downloads and unpacks an export. @returns its folder */
async function take(model: string, query: Record<string, string>): Promise<string> {
  const answer = await get(model, query)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip'])
  const bytes = new Uint8Array(await answer.arrayBuffer())
  expect(answer.headers.get('content-length')).toBe(String(bytes.length))
  const offer = (await offersOf(model)).find(
    ({ format, type }) => format === query.format && type === (query.type ?? null),
  )
  expect(offer?.bytes).toBe(bytes.length)
  const [, title = ''] =
    /^attachment; filename\*=UTF-8''(.+)\.zip$/.exec(answer.headers.get('content-disposition') ?? '') ?? []
  for (const name of await unzip(bytes, taken)) expect(name.startsWith(`${title}/`)).toBe(true)
  return path.join(taken, title)
}

/** Greedy answers. */
async function answersOf({ client }: TestEngine, model: string): Promise<(string | null)[]> {
  const answers: (string | null)[] = []
  for (const element of ['Neon', 'Gold']) {
    const messages = [{ role: 'user' as const, content: `Tell me about ${element}` }]
    const answer = await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 40 })
    answers.push(answer.choices[0]?.message.content ?? null)
  }
  return answers
}

const readme = (folder: string) => readFileSync(path.join(folder, 'README.md'), 'utf8')

/** The merged weights of a model's folder in the first engine. */
async function weightsOf(model: string): Promise<Tensors> {
  const job = (await engine.client.models.retrieve(model)) as unknown as { limerick: { job: string } }
  const folder = path.join(engine.folder, 'jobs', job.limerick.job)
  const last =
    readdirSync(folder)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1) ?? ''
  return mergedWeights(path.join(folder, last))
}

/** The largest difference between two models' weights, relative to the largest weight of the tensor. */
function difference(found: Tensors, expected: Tensors): number {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
  let most = 0
  for (const [name, { data }] of expected) {
    const own = found.get(name)?.data as Float32Array
    const size = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    for (let i = 0; i < data.length; i++)
      most = Math.max(most, Math.abs((own[i] as number) - (data[i] as number)) / size)
  }
  return most
}

let folders: Record<'adapter' | 'further' | 'merged' | 'full' | 'f16' | 'q8', string>

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  lora = await train('limerick-base', 'lora')
  further = await train(lora, 'lora')
  full = await train('limerick-base', 'full')
  folders = {
    adapter: await take(lora, { format: 'adapter' }),
    further: await take(further, { format: 'adapter' }),
    merged: await take(lora, { format: 'merged' }),
    full: await take(full, { format: 'merged' }),
    f16: await take(lora, { format: 'gguf', type: 'f16' }),
    q8: await take(lora, { format: 'gguf', type: 'q8_0' }),
  }
  other = await startEngine(await newFolder(), taken)
})
afterAll(async () => {
  await stopEngine(engine)
  await stopEngine(other)
  rmSync(taken, { recursive: true })
})

describe('what was taken away', () => {
  test('answers in another engine as it did here', async () => {
    const here = await answersOf(engine, lora)
    expect(await answersOf(other, path.basename(folders.adapter))).toEqual(here)
    expect(await answersOf(other, path.basename(folders.merged))).toEqual(here)
    expect(await answersOf(other, path.basename(folders.further))).toEqual(await answersOf(engine, further))
    expect(await answersOf(other, path.basename(folders.full))).toEqual(await answersOf(engine, full))
  })

  test('merged weights are those of base and adapter to the last bit', async () => {
    expect(difference((await readModel(folders.merged)).weights, await weightsOf(lora))).toBe(0)
    expect(difference((await readModel(folders.full)).weights, await weightsOf(full))).toBe(0)
  })

  test('an adapter on an adapter is one adapter on the base', async () => {
    const config = JSON.parse(readFileSync(path.join(folders.further, 'adapter_config.json'), 'utf8'))
    expect(config).toMatchObject({ r: 32, lora_alpha: 32, base_model_name_or_path: 'limerick-base' })
    const kept = path.join(other.folder, 'adapters', path.basename(folders.further))
    expect(difference(await mergedWeights(kept), await weightsOf(further))).toBeLessThan(1e-6)
  })

  test('GGUF holds the merged weights, rounded', async () => {
    const weights = await weightsOf(lora)
    const { data } = weights.get('model.layers.2.mlp.up_proj.weight') as { data: Float32Array<ArrayBuffer> }
    const name = path.basename(folders.f16).replace('-gguf-f16', '')
    const f16 = readGguf(readFileSync(path.join(folders.f16, `${name}-F16.gguf`)))
    expect(f16.tensors.get('blk.2.ffn_up.weight')?.bytes).toEqual(Buffer.from(Float16Array.from(data).buffer))
    expect(f16.metadata.get('general.name')).toBe(name)
    const q8 = readGguf(readFileSync(path.join(folders.q8, `${name}-Q8_0.gguf`)))
    expect([...q8.tensors.keys()]).toEqual([...f16.tensors.keys()])
    expect(readFileSync(path.join(folders.q8, 'Modelfile'), 'utf8')).toBe(`FROM ./${name}-Q8_0.gguf\n`)
  })

  test('says what it is, where it comes from and how to use it', async () => {
    const [adapter, merged, q8] = [readme(folders.adapter), readme(folders.merged), readme(folders.q8)]
    for (const text of [adapter, merged, q8]) {
      expect(text).toContain(lora)
      expect(text).toContain('Base model: `limerick-base`')
      expect(text).toContain('Licence of the base: apache-2.0')
      expect(text).toMatch(
        /job `ftjob-\w+`, from `limerick-base`: 10 rows, 1 epoch, batches of 5, LoRA adapter/,
      )
    }
    expect(adapter).toContain('PeftModel.from_pretrained')
    expect(adapter).toContain('--max-lora-rank 16')
    expect(merged).toContain('vllm serve')
    expect(q8).toContain('ollama create')
    expect(readme(folders.further)).toContain(`from \`${lora}\``)
  })

  test('is a model of its base, is trained further and taken away again', async () => {
    const { data } = await other.client.models.list()
    const adapter = path.basename(folders.adapter)
    expect(data.find(({ id }) => id === adapter)).toMatchObject({ limerick: { base: 'limerick-base' } })
    await other.client.post(new URL(`/limerick/models/${adapter}/measure`, other.baseURL).href)
    const { limerick } = await other.client.get<WireModel>(`/models/${adapter}`)
    expect(limerick.training.measured_at).not.toBeNull() // as a speed of its base
    const model = await train(adapter, 'lora', other)
    expect(model).toMatch(new RegExp(`^ft:${adapter}:`))
    const answer = await fetch(`${other.baseURL}/models/${encodeURIComponent(model)}/export?format=adapter`, {
      headers: { authorization: `Bearer ${other.key}` },
    })
    const names = await unzip(new Uint8Array(await answer.arrayBuffer()), path.join(other.folder, 'again'))
    const config = names.find((name) => name.endsWith('adapter_config.json')) ?? ''
    expect(JSON.parse(readFileSync(path.join(other.folder, 'again', config), 'utf8'))).toMatchObject({
      base_model_name_or_path: 'limerick-base',
      r: 32,
    })
  })
})

describe('an export', () => {
  test('that does not exist is refused by name', async () => {
    const refused = async (model: string, query: Record<string, string>) => {
      const answer = await get(model, query)
      const { error } = (await answer.json()) as { error: { message: string; param: string; code: string } }
      return { status: answer.status, ...error }
    }
    expect(await refused(lora, { format: 'onnx' })).toMatchObject({
      status: 400,
      param: 'format',
      message: expect.stringContaining("'adapter', 'merged', 'gguf'"),
    })
    expect(await refused(lora, { format: 'gguf', type: 'q4' })).toMatchObject({ status: 400, param: 'type' })
    expect(await refused(lora, { format: 'merged', type: 'f16' })).toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
    })
    expect(await refused(full, { format: 'adapter' })).toMatchObject({
      status: 400,
      message: expect.stringContaining('has no adapter'),
    })
    expect(await refused('nobody', { format: 'merged' })).toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
    expect(await offersOf(full)).toMatchObject([
      { format: 'gguf', type: 'q8_0', reason: null },
      { format: 'gguf', type: 'f16', reason: null },
      { format: 'merged', reason: null },
      { format: 'adapter', bytes: null, reason: expect.stringContaining('has no adapter') },
    ])
  })

  test('ends with the client that asked for it, and leaves room for others', async () => {
    const leaving = new AbortController()
    // Held until the end: fetch cancels the body of an answer that nobody holds any more.
    const unread = [await get(lora, { format: 'merged' }, leaving.signal)]
    unread.push(await get(lora, { format: 'merged' }, leaving.signal))
    expect(unread.map(({ status }) => status)).toEqual([200, 200])
    expect(workersOf(engine, 'export')).toHaveLength(2)
    const third = await get(lora, { format: 'merged' })
    expect([third.status, await third.json()]).toMatchObject([429, { error: { code: 'too_many_exports' } }])
    expect(await offersOf(lora)).toHaveLength(4)
    leaving.abort()
    for (const answer of unread) await expect(answer.arrayBuffer()).rejects.toThrow('aborted')
    await until('the end of the exports', async () => workersOf(engine, 'export').length === 0)
    // A process is gone a moment before its end is known.
    await until('room for another', async () => {
      const next = await get(lora, { format: 'adapter' })
      await next.arrayBuffer()
      return next.status === 200
    })
  })
})
