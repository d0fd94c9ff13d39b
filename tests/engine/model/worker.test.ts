/** The worker as its own process, spoken to as the engine does. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type {
  GenerateOrder,
  GeneratorReport,
  TrainerReport,
  TrainOrder,
} from '#lib/engine/worker/protocol.ts'
import { writeByteModel } from './small-model.ts'

const main = fileURLToPath(new URL('../../../lib/engine/worker/main.ts', import.meta.url))
let folder: string
let child: ChildProcess

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-worker-'))
  writeByteModel(path.join(folder, 'base'), 3)
  const turns = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'How do you do?' },
  ]
  writeFileSync(path.join(folder, 'training.jsonl'), `${JSON.stringify({ messages: turns })}\n`.repeat(50))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => child.kill('SIGKILL'))

type Report = TrainerReport | GeneratorReport

function start(role: 'train' | 'generate') {
  child = fork(main, [role], { serialization: 'advanced' })
  const reports: Report[] = []
  const waiting: { test: (report: Report) => boolean; resolve: (report: Report) => void }[] = []
  child.on('message', (report: Report) => {
    reports.push(report)
    for (const { test, resolve } of waiting) if (test(report)) resolve(report)
  })
  const until = (test: (report: Report) => boolean) =>
    new Promise<Report>((resolve) => waiting.push({ test, resolve }))
  return { reports, until }
}

const trainOrder = (run: string): TrainOrder => ({
  kind: 'train',
  base: path.join(folder, 'base'),
  folder: path.join(folder, run),
  training: path.join(folder, 'training.jsonl'),
  validation: null,
  method: 'full',
  epochs: 50,
  batchSize: 1,
  learningRate: 1e-3,
  seed: 1,
  date: 0,
  threads: 1,
  memoryLimit: null,
  patience: null,
  preference: null,
  weightDecay: 0,
})

it('stops between two steps, saves, and goes', async () => {
  const { reports, until } = start('train')
  const exit = once(child, 'exit')
  child.send(trainOrder('stopped'))
  await until((report) => report.kind === 'step' && report.step === 3)
  child.send({ kind: 'stop', keep: false })
  expect(await exit).toEqual([0, null])
  const last = reports.at(-1)
  expect(last?.kind).toBe('stopped')
  const step = last?.kind === 'stopped' ? last.step : 0
  expect(existsSync(path.join(folder, 'stopped', `resume-${step}`, 'manifest.json'))).toBe(true)

  const second = start('train')
  child.send(trainOrder('stopped'))
  expect(await second.until(({ kind }) => kind === 'started')).toMatchObject({ step, totalSteps: 2500 })
})

it('says why it failed', async () => {
  const { until } = start('train')
  child.send({ ...trainOrder('failed'), training: path.join(folder, 'nothing.jsonl') })
  expect(await until(({ kind }) => kind === 'failed')).toMatchObject({ message: /nothing\.jsonl/ })
})

it.each(['train', 'generate'] as const)('goes when nobody is left to work for: %s', async (role) => {
  const { until } = start(role)
  const exit = once(child, 'exit')
  if (role === 'train') {
    child.send(trainOrder('orphan'))
    await until(({ kind }) => kind === 'step')
  }
  child.disconnect()
  expect(await exit).toEqual([0, null])
})

it('writes chats', async () => {
  const { reports, until } = start('generate')
  const sampling = {
    maxTokens: 8,
    temperature: 0,
    topP: 1,
    seed: 0,
    stop: [],
    topLogprobs: null,
    exact: false,
  }
  const messages = [{ role: 'user', content: 'Hello' }]
  const order: GenerateOrder = {
    kind: 'generate',
    id: 'x',
    model: path.join(folder, 'base'),
    messages,
    ...sampling,
  }
  child.send(order)
  expect(await until(({ kind }) => kind === 'finished')).toMatchObject({ id: 'x', completionTokens: 8 })
  expect(reports.filter(({ kind }) => kind === 'token').length).toBe(8)
})
