/**
 * Which learning rate teaches a preference and keeps the rest: pairs of a limerick (chosen) and the shipped base's own
 * prose (rejected) about the same element, ten to train on and the others held out. Starts from the base itself, and
 * from the base after the lesson, where the form is known and may only be lost.
 * Usage: node --conditions=react-server tests/bench/preference.ts [name=a,b …]
 *   start=base,lesson  method=full|lora  rate=1e-5,1e-4  epochs=10  beta=0.1  seeds=1,2,3  threads=2  show=1
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { automaticLearningRate, type Method } from '#lib/engine/model/defaults.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import type { StepMetrics, TrainOrder } from '#lib/engine/worker/protocol.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { judged, lessonIn, questionOf, worstFirst } from './judge-answers.ts'
import { answersOf } from './trained.ts'

const given = new Map(process.argv.slice(2).map((option) => option.split('=') as [string, string]))
const text = (name: string, automatic: string) => given.get(name) ?? automatic
const numbers = (name: string, automatic: number[]): number[] =>
  given.get(name)?.split(',').map(Number) ?? automatic

const base = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const sample = readFileSync(new URL('../../public/samples/elle.jsonl', import.meta.url), 'utf8')
const lines = sample.trimEnd().split('\n')
const lesson = lessonIn(lines.slice(0, 10).join('\n'))
const threads = Number(text('threads', '1'))
const method = text('method', 'full') as Method
const TRAINED = 10

interface Turn {
  role: string
  content: string
}

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-preference-'))
const inside = (name: string) => path.join(folder, name)

const rows = lines.map((line) => (JSON.parse(line) as { messages: Turn[] }).messages)
const greedy = { temperature: 0, threads }
const prose = await answersOf(
  base,
  rows.map((messages) => ({ system: null, user: messages.at(-2)?.content ?? '' })),
  greedy,
)
const pairs = rows.map((messages, at) =>
  JSON.stringify({
    input: { messages: messages.slice(0, -1) },
    preferred_output: messages.slice(-1),
    non_preferred_output: [{ role: 'assistant', content: prose[at] }],
  }),
)
writeFileSync(inside('lesson.jsonl'), lines.slice(0, TRAINED).join('\n'))
writeFileSync(inside('training.jsonl'), pairs.slice(0, TRAINED).join('\n'))
writeFileSync(inside('validation.jsonl'), pairs.slice(TRAINED).join('\n'))

const fixed = {
  ...({ kind: 'train', method, batchSize: 1, patience: null, date: 0, threads, memoryLimit: null } as const),
  weightDecay: 0,
}

async function trained(order: Omit<TrainOrder, keyof typeof fixed>) {
  let [model, metrics]: [string, StepMetrics | null] = ['', null]
  for await (const report of train({ ...fixed, ...order }, new AbortController().signal)) {
    if (report.kind === 'checkpoint') [model, metrics] = [report.folder, report.metrics]
  }
  return { model, metrics }
}

async function show(model: string): Promise<void> {
  const asked = lesson.unseen.map((element) => ({ system: lesson.system, user: questionOf(element) }))
  const texts = await answersOf(model, asked, greedy)
  const length = texts.reduce((sum, { length }) => sum + length, 0) / texts.length
  console.log(`  ${judged(lesson, texts)}, ${length.toFixed(0)} characters`)
  for (const worst of worstFirst(lesson, texts).slice(0, numbers('show', [0])[0])) console.log(`    ${worst}`)
}

const three = (value: number | undefined) => value?.toFixed(3)

async function trial(start: string, rate: number, epochs: number, beta: number, seed: number) {
  const files = { training: inside('training.jsonl'), validation: inside('validation.jsonl') }
  const run = inside('run')
  const preference = { beta }
  const order = { base: start, folder: run, ...files, preference, epochs, learningRate: rate, seed }
  const { model, metrics } = await trained(order)
  const { trainRewards: own, fullValidRewards: held, fullValidLoss } = metrics ?? {}
  console.log(
    `${method} ${rate.toPrecision(3)}, ${epochs} epochs, beta ${beta}, seed ${seed}: held out loss ${three(fullValidLoss)}, accuracy ${held?.accuracy}, margin ${three(held?.margin)} (chosen ${three(held?.chosen)}, rejected ${three(held?.rejected)}), trained margin ${three(own?.margin)}`,
  )
  await show(model)
  rmSync(run, { recursive: true })
}

const automatic = automaticLearningRate(method, readModelConfig(base), 'dpo')
const supervised = automaticLearningRate(method, readModelConfig(base))
for (const from of text('start', 'base,lesson').split(',')) {
  const taught = { base, folder: inside('lesson'), training: inside('lesson.jsonl'), validation: null }
  const order = { ...taught, preference: null, epochs: 10, learningRate: supervised, seed: 1 }
  const start = from === 'base' ? base : (await trained(order)).model
  console.log(`${from} itself`)
  await show(start)
  for (const rate of numbers('rate', [automatic]))
    for (const epochs of numbers('epochs', [10]))
      for (const beta of numbers('beta', [0.1]))
        for (const seed of numbers('seeds', [1])) await trial(start, rate, epochs, beta, seed)
}
rmSync(folder, { recursive: true })
