import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStoredDecoder, emptyCache, openStored } from '#lib/engine/model/decoder.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { createGenerator, type Generator } from '#lib/engine/worker/generate.ts'
import type { GenerateOrder, GeneratorReport } from '#lib/engine/worker/protocol.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { writeByteModel } from './small-model.ts'

let folder: string
const inside = (name: string) => path.join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-generate-'))
  writeByteModel(inside('base'), 3)
})
afterAll(() => rmSync(folder, { recursive: true }))

const order = (id: string, rest: Partial<GenerateOrder> = {}): GenerateOrder => ({
  kind: 'generate',
  id,
  model: inside('base'),
  messages: [{ role: 'user', content: 'Hello' }],
  maxTokens: 24,
  temperature: 0,
  topP: 1,
  seed: 1,
  stop: [],
  topLogprobs: null,
  exact: false,
  ...rest,
})

type Finished = Extract<GeneratorReport, { kind: 'finished' }>

/** Runs chats to their ends; `during` sees every report as it comes, and may start others. */
async function write(
  orders: GenerateOrder[],
  during?: (report: GeneratorReport, generator: Generator) => void,
) {
  const reports: GeneratorReport[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = orders.length
  const generator = createGenerator((report) => {
    // Told on both sides of the tokenizer's work; worker.test.ts looks at them.
    if (report.kind === 'encoding' || report.kind === 'encoded') return
    reports.push(report)
    during?.(report, generator)
    if (report.kind !== 'finished' && report.kind !== 'refused') return
    if (orders.some(({ id }) => id === report.id) && --left === 0) resolve()
  }, 1)
  for (const given of orders) generator.start(given)
  await promise
  const text = (id: string) =>
    reports.flatMap((r) => (r.kind === 'token' && r.id === id ? [r.text] : [])).join('')
  const end = (id: string) =>
    reports.find((r) => r.kind === 'finished' && r.id === id) as Finished | undefined
  return { reports, text, end }
}

const ids = (reports: GeneratorReport[]) => reports.filter(({ kind }) => kind === 'token').map(({ id }) => id)

it('writes several chats token by token, each as if it were alone', async () => {
  const orders = ['a', 'b', 'c'].map((content, i) =>
    order(content, { messages: [{ role: 'user', content }], temperature: 1, seed: 11 + i }),
  )
  const together = await write(orders)
  const admitted = together.reports.findLastIndex(({ kind }) => kind === 'began')
  expect(ids(together.reports.slice(admitted)).slice(0, 12).join('')).toMatch(
    /^(abc|acb|bac|bca|cab|cba){4}$/,
  )
  for (const given of orders) {
    const alone = await write([given])
    expect(together.text(given.id)).toBe(alone.text(given.id))
    expect(together.end(given.id)).toEqual(alone.end(given.id))
  }
})

/** The reports of one chat. */
const toldOf = (reports: GeneratorReport[], id: string) =>
  reports.filter((report) => report.id === id).map((report) => ({ ...report, id: '' }))

const system = 'You answer in few words, and never in more than two lines.'
/** More than one step decodes, of different lengths and settings. */
const many = () =>
  Array.from({ length: 11 }, (_, index) =>
    order(`${index}`, {
      messages: [
        ...(index % 2 ? [{ role: 'system', content: system }] : []),
        { role: 'user', content: 'Hello '.repeat(1 + (index % 4)) },
      ],
      maxTokens: index === 3 ? 1 : 5 + 2 * index,
      temperature: index % 3 ? 1 : 0,
      topP: index % 2 ? 0.9 : 1,
      seed: index,
      stop: index === 5 ? ['a', 'e', 'o'] : [],
      topLogprobs: index % 4 ? null : 2,
    }),
  )

it('tells the same of a chat in any company, to the last bit of a log-probability', async () => {
  const together = await write(many())
  for (const given of many()) {
    const alone = await write([given])
    expect(toldOf(together.reports, given.id)).toEqual(toldOf(alone.reports, given.id))
  }
})

it('lets chats join, end and leave midway without a trace in the others', async () => {
  const all = many().map((given) => ({ ...given, maxTokens: 30, stop: [] }))
  const [steady, rest] = [all.slice(0, 3), all.slice(3)]
  let told = 0
  const { reports } = await write(steady, (report, generator) => {
    if (report.kind !== 'token') return
    told += 1
    if (told === 20) for (const given of rest.slice(0, 4)) generator.start(given)
    if (told === 40) for (const given of rest.slice(4)) generator.start(given)
    if (told === 60) for (const { id } of rest) generator.abort(id)
  })
  for (const given of steady)
    expect(toldOf(reports, given.id)).toEqual(toldOf((await write([given])).reports, given.id))
  for (const { id } of rest)
    expect(reports.some((one) => one.id === id && one.kind === 'finished')).toBe(false)
  expect(new Set(ids(reports)).size).toBeGreaterThan(6)
})

it('lets a chat fail alone', async () => {
  writeByteModel(inside('narrow'), 5, { vocab_size: 140 }) // no embedding for the bytes of an é
  const model = inside('narrow')
  const fine = order('fine', { model, temperature: 1 })
  const { reports } = await write([
    fine,
    order('broken', { model, messages: 'é' }),
    order('other', { model, seed: 2 }),
  ])
  expect(toldOf(reports, 'broken').at(-1)).toMatchObject({ kind: 'refused', code: 'internal' })
  expect(toldOf(reports, 'fine')).toEqual(toldOf((await write([fine])).reports, 'fine'))
  expect(toldOf(reports, 'other').at(-1)?.kind).toBe('finished')
})

it('writes on in a larger cache when one is full', async () => {
  writeByteModel(inside('long'), 3, { max_position_embeddings: 700 })
  const model = inside('long')
  const prompt = 'Once upon a time '.repeat(30) // 510 tokens; a cache has room for 512
  const given = { model, messages: prompt, maxTokens: 12, topLogprobs: 0 }
  const { reports } = await write([order('a', given), order('b', given), order('short', { model })])

  const read = await readModel(model)
  const { architecture } = read
  const decoder = createStoredDecoder(await openStored(architecture, read.weights, 1))
  const tokenizer = readTokenizer(model)
  const cache = emptyCache(architecture, architecture.context)
  let logits = await decoder.read(tokenizer.encode(prompt), cache)
  const expected: number[][] = []
  while (expected.length < 12) {
    const id = logits.indexOf(Math.max(...logits))
    expected.push([...tokenizer.bytes(id)])
    logits = await decoder.read([id], cache)
  }
  for (const id of ['a', 'b'])
    expect(
      reports.flatMap((one) => (one.kind === 'token' && one.id === id ? [one.logprob?.bytes] : [])),
    ).toEqual(expected)
})

it('keeps no more than 64 chats in progress, and none out', async () => {
  let open = 0
  let most = 0
  const orders = Array.from({ length: 70 }, (_, index) => order(`${index}`, { maxTokens: 2 }))
  const { reports } = await write(orders, ({ kind }) => {
    if (kind === 'began') most = Math.max(most, ++open)
    if (kind === 'finished') open -= 1
  })
  expect(most).toBe(64)
  expect(reports.filter(({ kind }) => kind === 'finished').length).toBe(70)
})

it('lets a short chat overtake a long one that began before', async () => {
  const { reports } = await write([order('long', { maxTokens: 60 }), order('short', { maxTokens: 3 })])
  const ends = reports.filter(({ kind }) => kind === 'finished').map(({ id }) => id)
  expect(ends).toEqual(['short', 'long'])
})

it('repeats itself with a seed, and not with another', async () => {
  const text = async (seed: number) => (await write([order('x', { temperature: 1, seed })])).text('x')
  expect(await text(5)).toBe(await text(5))
  expect(await text(5)).not.toBe(await text(6))
})

it('counts its tokens and says why it ends', async () => {
  const { reports, end } = await write([order('x', { maxTokens: 5 })])
  // <start> u s e r ⏎ H e l l o <end> ⏎ <start> a s s i s t a n t ⏎
  expect(reports[0]).toEqual({ kind: 'began', id: 'x', promptTokens: 24 })
  expect(end('x')).toMatchObject({ reason: 'length', promptTokens: 24, completionTokens: 5 })
})

it('never says a stop string', async () => {
  const whole = (await write([order('x')])).text('x')
  const stop = whole.slice(4, 6)
  const { text, end } = await write([order('x', { stop: [stop] })])
  expect(text('x')).toBe(whole.slice(0, whole.indexOf(stop)))
  expect(end('x')?.reason).toBe('stop')
})

it('gives log-probabilities whose best is what it took', async () => {
  const { reports } = await write([order('x', { topLogprobs: 3 })])
  for (const report of reports) {
    if (report.kind !== 'token') continue
    const { logprob, bytes, top } = report.logprob as NonNullable<typeof report.logprob>
    expect(logprob).toBeLessThanOrEqual(0)
    expect(top.length).toBe(3)
    expect(top[0]).toMatchObject({ logprob, bytes })
    expect(top.map((one) => one.logprob)).toEqual(top.map((one) => one.logprob).toSorted((a, b) => b - a))
  }
})

it('refuses what does not fit into the context, and fills it to the brim otherwise', async () => {
  const messages = (length: number) => [{ role: 'user', content: 'x'.repeat(length) }]
  const { reports, end } = await write([
    order('too long', { messages: messages(128) }),
    order('just', { messages: messages(108), maxTokens: 999 }),
  ])
  expect(reports.find(({ kind }) => kind === 'refused')).toMatchObject({ id: 'too long', code: 'context' })
  expect(end('just')).toMatchObject({ reason: 'length', promptTokens: 127, completionTokens: 2 })
})

it('says nothing more after an abort, and goes on with the others', async () => {
  let told = 0
  const { reports } = await write([order('other')], (report, generator) => {
    if (report.kind === 'began' && report.id === 'other') generator.start(order('gone', { maxTokens: 90 }))
    if (report.id === 'gone' && report.kind === 'token' && ++told === 3) generator.abort('gone')
  })
  expect(ids(reports).filter((id) => id === 'gone').length).toBe(3)
  expect(reports.some(({ kind, id }) => kind === 'finished' && id === 'gone')).toBe(false)
})

it('refuses a model that is not there and harms nobody', async () => {
  const { reports, end } = await write([order('lost', { model: inside('nowhere') }), order('fine')])
  expect(reports.find(({ kind }) => kind === 'refused')).toMatchObject({ id: 'lost', code: 'model' })
  expect(end('fine')?.completionTokens).toBe(24)
})

it('answers with an adapter on its own base, and refuses it on another', async () => {
  cpSync(inside('base'), inside('mine'), { recursive: true })
  const message = {
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'abababab' },
    ],
  }
  writeFileSync(inside('training.jsonl'), `${JSON.stringify(message)}\n`)
  const job = {
    method: 'lora',
    epochs: 30,
    batchSize: 1,
    learningRate: 2e-2,
    seed: 1,
    date: 0,
    threads: 1,
    memoryLimit: null,
    patience: null,
    preference: null,
    weightDecay: 0,
  } as const
  const files = {
    base: inside('mine'),
    folder: inside('run'),
    training: inside('training.jsonl'),
    validation: null,
  }
  for await (const _ of train({ kind: 'train', ...files, ...job }, new AbortController().signal));
  const model = inside('run/checkpoint-30')

  const { text } = await write([order('tuned', { model }), order('base')])
  expect(text('tuned').slice(0, 8)).toBe('abababab')
  expect(text('base')).not.toBe(text('tuned'))

  writeByteModel(inside('mine'), 4)
  const { reports } = await write([order('tuned', { model })])
  expect(reports[0]).toMatchObject({ kind: 'refused', code: 'model' })
})

it('sees that the files of a model have changed', async () => {
  writeByteModel(inside('changing'), 5)
  const generator: { text: string[] } = { text: [] }
  const { promise, resolve } = Promise.withResolvers<void>()
  let answers = 0
  const model = inside('changing')
  const { start } = createGenerator((report) => {
    if (report.kind === 'token') generator.text[answers] = (generator.text[answers] ?? '') + report.text
    if (report.kind !== 'finished') return
    answers += 1
    if (answers === 2) resolve()
    else {
      writeByteModel(model, 6)
      start(order('second', { model }))
    }
  }, 1)
  start(order('first', { model }))
  await promise
  expect(generator.text[0]).not.toBe(generator.text[1])
})

it('announces a prompt before and after its tokenizer reads it, also one that is refused', async () => {
  const told: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const { start } = createGenerator((report) => {
    told.push(`${report.kind} ${report.id}`)
    if (report.kind === 'refused') resolve()
  }, 1)
  start(order('long', { messages: [{ role: 'user', content: 'x'.repeat(10_000) }] }))
  await promise
  expect(told).toEqual(['encoding long', 'encoded long', 'refused long'])
})

/** More models than are kept in memory. */
function writeModels(): string[] {
  const names = Array.from({ length: 18 }, (_, index) => `room ${index}`)
  for (const [index, name] of names.entries()) writeByteModel(inside(name), 3 + index)
  return names
}

it('writes as before when its session was released to make room for others', async () => {
  const names = writeModels()
  const [first = ''] = names
  const alone = await write([order('first', { model: inside(first) })])
  const generator = createOne()
  for (const name of [...names, first])
    await generator.answer(order(name, { model: inside(name), maxTokens: name === first ? 24 : 1 }))
  expect(generator.text(first)).toBe(alone.text('first').repeat(2))
})

it('goes on with a chat whose model makes room for others meanwhile', async () => {
  const [first = '', ...rest] = writeModels()
  const long = order('long', { model: inside(first), maxTokens: 95 })
  const others = rest.map((name) => order(name, { model: inside(name), maxTokens: 1 }))
  const { reports } = await write([long], (report, generator) => {
    if (report.id !== 'long' || report.kind !== 'token') return
    const other = others.shift()
    if (other) generator.start(other)
  })
  expect(others).toEqual([])
  expect(toldOf(reports, 'long')).toEqual(toldOf((await write([long])).reports, 'long'))
})

/** One generator that is asked again and again. */
function createOne() {
  const texts = new Map<string, string>()
  let ended: (report: GeneratorReport) => void = () => {}
  const { start } = createGenerator((report) => {
    if (report.kind === 'token') texts.set(report.id, (texts.get(report.id) ?? '') + report.text)
    if (report.kind === 'finished' || report.kind === 'refused') ended(report)
  }, 1)
  return {
    text: (id: string) => texts.get(id),
    answer: (given: GenerateOrder) =>
      new Promise<GeneratorReport>((resolve) => {
        ended = resolve
        start(given)
      }),
  }
}
