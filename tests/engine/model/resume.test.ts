/** A run that is stopped, killed or finds its checkpoint damaged ends with the very same bits. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listCheckpoints, newestCheckpoint } from '#lib/engine/model/checkpoint.ts'
import { weightsHash } from '#lib/engine/model/model-folder.ts'
import type { TrainerReport, TrainOrder } from '#lib/engine/worker/protocol.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { writeByteModel } from './small-model.ts'

let folder: string
const inside = (name: string) => path.join(folder, name)

const row = (question: string, answer: string, weight = 1) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer, weight },
    ],
  })

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-resume-'))
  writeByteModel(inside('base'), 3)
  const rows = ['one', 'two', 'three', 'four', 'five'].map((word, i) => row(word, `${word} is ${i + 1}`))
  writeFileSync(inside('training.jsonl'), `\ufeff${rows.join('\r\n')}\n\n${row('nothing', 'to learn', 0)}`)
  writeFileSync(inside('validation.jsonl'), `${row('six', 'six is 6')}\n${row('long', 'x'.repeat(500))}\n`)
})
afterEach(() => rmSync(folder, { recursive: true }))

const pair = (question: string, chosen: string, rejected: string) =>
  JSON.stringify({
    input: { messages: [{ role: 'user', content: question }] },
    preferred_output: [{ role: 'assistant', content: chosen }],
    non_preferred_output: [{ role: 'assistant', content: rejected }],
  })

const order = (run: string, method: 'full' | 'lora' = 'full'): TrainOrder => ({
  kind: 'train',
  base: inside('base'),
  folder: inside(run),
  training: inside('training.jsonl'),
  validation: inside('validation.jsonl'),
  method,
  epochs: 4,
  batchSize: 2,
  learningRate: 1e-2,
  patience: null,
  preference: null,
  weightDecay: 0,
  seed: 7,
  date: 0,
  threads: 1,
  memoryLimit: null,
})

/** What a run says until `until` is said; the signal is given at that moment, or the run dropped. */
async function tell(
  given: TrainOrder,
  until?: (report: TrainerReport) => boolean,
  end: 'stop' | 'kill' = 'stop',
) {
  const stop = new AbortController()
  const reports: TrainerReport[] = []
  for await (const report of train(given, stop.signal)) {
    reports.push(report)
    if (until?.(report) && end === 'kill') break
    if (until?.(report)) stop.abort()
  }
  return reports
}

const isStep = (wanted: number) => (report: TrainerReport) => report.kind === 'step' && report.step === wanted

/** Metrics and rows by step; a step told twice must be told alike. */
function steps(reports: TrainerReport[]) {
  const found = new Map<number, string>()
  for (const report of reports) {
    if (report.kind !== 'step') continue
    const told = JSON.stringify([report.epoch, report.metrics, report.rows])
    expect(found.get(report.step) ?? told).toBe(told)
    found.set(report.step, told)
  }
  return [...found].sort(([a], [b]) => a - b)
}

const final = (run: string) => weightsHash(path.join(inside(run), 'checkpoint-12'))

it.each(['full', 'lora'] as const)('%s: stopped twice in the middle of epochs', async (method) => {
  const straight = await tell(order('straight', method))
  const given = order('stopped', method)
  const first = await tell(given, isStep(4))
  expect(first.at(-1)).toEqual({ kind: 'stopped', step: 4 })
  const second = await tell(given, isStep(8))
  expect(second[0]).toMatchObject({ kind: 'started', step: 4, totalSteps: 12 })
  const third = await tell(given)
  expect(steps([...first, ...second, ...third])).toEqual(steps(straight))
  expect(third.at(-1)).toEqual(straight.at(-1))
  expect(await final('stopped')).toBe(await final('straight'))
})

it('killed in the middle of an epoch, the newest checkpoint damaged, half a folder left behind', async () => {
  const straight = await tell(order('straight'))
  const given = order('killed')
  const first = await tell(given, isStep(8), 'kill')
  expect((await newestCheckpoint(given.folder))?.step).toBe(6)
  truncateSync(path.join(given.folder, 'checkpoint-6', 'optimizer.safetensors'), 1000)
  writeByteModel(path.join(given.folder, 'checkpoint-9'), 1) // no manifest: never finished
  expect((await newestCheckpoint(given.folder))?.step).toBe(3)
  const second = await tell(given)
  expect(second[0]).toMatchObject({ kind: 'started', step: 3 })
  expect(steps([...first, ...second])).toEqual(steps(straight))
  expect(await final('killed')).toBe(await final('straight'))
})

describe('preference training', () => {
  const words = ['one', 'two', 'three', 'four', 'five', 'six']
  const preferred = (run: string, method: 'full' | 'lora'): TrainOrder => ({
    ...order(run, method),
    ...{ training: inside('pairs.jsonl'), validation: inside('held-out.jsonl') },
    preference: { beta: 0.3 },
  })
  beforeEach(() => {
    const lines = words.map((word, i) => pair(word, `${word} is ${i + 1}`, `I like ${word}`))
    writeFileSync(inside('pairs.jsonl'), lines.join('\n'))
    writeFileSync(inside('held-out.jsonl'), pair('seven', 'seven is 7', 'I like seven'))
  })

  it.each(['full', 'lora'] as const)('%s: killed and stopped, it ends with the same bits', async (method) => {
    const straight = await tell(preferred('straight', method))
    const given = preferred('killed', method)
    const first = await tell(given, isStep(5), 'kill')
    const second = await tell(given, isStep(8))
    expect(second[0]).toMatchObject({ kind: 'started', step: 3 })
    const third = await tell(given)
    expect(third[0]).toMatchObject({ kind: 'started', step: 8 })
    expect(steps([...first, ...second, ...third])).toEqual(steps(straight))
    expect(third.at(-1)).toEqual(straight.at(-1))
    expect(await final('killed')).toBe(await final('straight'))
  })

  it('starts at a loss of log 2, and the margin of pairs that it has not seen grows', async () => {
    const reports = await tell(preferred('learned', 'full'))
    const told = reports.flatMap((report) => (report.kind === 'step' ? [report.metrics] : []))
    expect(told[0]?.trainLoss).toBeCloseTo(Math.LN2, 4)
    expect(told[0]?.trainRewards?.margin).toBeCloseTo(0, 4)
    expect(told.at(-1)?.trainLoss).toBeLessThan(0.4)
    expect(told.at(-1)?.trainRewards).toMatchObject({ accuracy: 1 })
    expect(told.at(-1)?.fullValidRewards?.margin).toBeGreaterThan(0)
    expect(told.at(-1)?.fullValidLoss).toBeLessThan(Math.LN2)
  })

  it('is another job with another beta', async () => {
    await tell(preferred('other', 'full'), isStep(4))
    const reports = await tell({ ...preferred('other', 'full'), preference: { beta: 0.2 } })
    expect(reports[0]).toMatchObject({ kind: 'started', step: 0 })
  })
})

it('goes unheard at an epoch’s end, and tells it again', async () => {
  const given = order('unheard')
  await tell(given, (report) => report.kind === 'checkpoint' && report.step === 6, 'kill')
  const second = await tell(given)
  expect(second.slice(0, 6)).toMatchObject([
    { kind: 'started', step: 6 },
    { kind: 'step', step: 4 },
    { kind: 'step', step: 5 },
    { kind: 'step', step: 6 },
    { kind: 'checkpoint', step: 3 },
    { kind: 'checkpoint', step: 6 },
  ])
})

it('keeps three checkpoints and nothing else, each one whole and loadable', async () => {
  const given = order('kept')
  const reports = await tell(given)
  const told = reports.filter((report) => report.kind === 'checkpoint')
  expect(told.map(({ step, epoch }) => [step, epoch])).toEqual([
    [3, 1],
    [6, 2],
    [9, 3],
    [12, 4],
  ])
  expect(listCheckpoints(given.folder).map(({ step }) => step)).toEqual([12, 9, 6])
  expect(readdirSync(given.folder).filter((name) => !name.startsWith('checkpoint-'))).toEqual([])
  expect(existsSync(path.join(given.folder, 'checkpoint-12', 'tokenizer.json'))).toBe(true)
  const again = await tell(given)
  expect(again.at(-1)).toEqual(reports.at(-1))
})

it('starts anew when the order is another one', async () => {
  await tell(order('other'), isStep(4))
  const reports = await tell({ ...order('other'), learningRate: 5e-3 })
  expect(reports[0]).toMatchObject({ kind: 'started', step: 0 })
})

it('takes the weight decay of its order, and goes on with it', async () => {
  const decayed = (run: string) => ({ ...order(run), weightDecay: 1 })
  await tell(order('undecayed'))
  await tell(decayed('decayed'))
  await tell(decayed('broken off'), isStep(5))
  const [resumed] = await tell(decayed('broken off'))
  expect(resumed).toMatchObject({ kind: 'started', step: 5 })
  expect(await final('broken off')).toBe(await final('decayed'))
  expect(await final('decayed')).not.toBe(await final('undecayed'))
})

it('trains further from what it made', async () => {
  await tell(order('first', 'lora'))
  const made = path.join(inside('first'), 'checkpoint-12')
  const reports = await tell({ ...order('second', 'lora'), base: made })
  const losses = reports.flatMap((report) => (report.kind === 'step' ? [report.metrics.trainLoss] : []))
  const before = (await tell(order('straight', 'lora'))).flatMap((r) =>
    r.kind === 'step' ? [r.metrics.trainLoss] : [],
  )
  expect(losses[0]).toBeLessThan(before[0] as number)
})

it('learns less and less wrong, and skips what has no weight', async () => {
  const reports = await tell({ ...order('learned'), batchSize: 1, epochs: 8 })
  const told = reports.flatMap((report) => (report.kind === 'step' ? [report] : []))
  const epoch = (wanted: number) => told.filter((report) => report.epoch === wanted)
  const mean = (wanted: number) =>
    epoch(wanted).reduce((sum, { metrics }) => sum + (metrics.trainLoss ?? 0), 0) / 5
  expect(mean(8)).toBeLessThan(mean(1) / 2)
  expect(
    epoch(1)
      .flatMap(({ rows }) => rows)
      .sort(),
  ).toEqual([0, 1, 2, 3, 4, 5])
  expect(epoch(1).find(({ rows }) => rows[0] === 5)?.metrics).toMatchObject({
    trainLoss: null,
    trainAccuracy: null,
  })
  expect(epoch(1).at(-1)?.metrics.fullValidLoss).toBeGreaterThan(0)
  expect(readFileSync(inside('training.jsonl'))[0]).toBe(0xef) // the byte order mark was really there
})
