/**
 * Which learning rate, how many epochs turn a file of limericks into limericks: trains the shipped base with every
 * combination as a job would, and judges its answers about forty elements that the file does not hold, sampled as the
 * model recommends.
 * Usage: node --conditions=react-server tests/bench/learning-rate.ts <training.jsonl> [name=a,b …]
 *   method=full|lora  rate=5e-4,1e-3  epochs=10  seeds=1,2,3  temperature=0,0.4 (default: the model's own)  show=3
 *   base=FOLDER  threads=2
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { automaticLearningRate, type Method } from '#lib/engine/model/defaults.ts'
import { readSamplingDefaults } from '#lib/engine/model/generation-config.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { createGenerator } from '#lib/engine/worker/generate.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { automaticBatchSize, automaticEpochs } from '#lib/training-data/plan.ts'
import { judged, lessonIn, questionOf, worstFirst } from './judge-answers.ts'

const [file = '', ...options] = process.argv.slice(2)
const given = new Map(options.map((option) => option.split('=') as [string, string]))
const base = given.get('base') ?? fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const threads = Number(given.get('threads') ?? 1)
const numbers = (name: string, automatic: number[]): number[] =>
  given.get(name)?.split(',').map(Number) ?? automatic

const lesson = lessonIn(readFileSync(file, 'utf8'))
const { unseen, system } = lesson

/** Answers of a model folder about every unseen element; an answer's seed is its place. */
function answers(model: string, temperature: number): Promise<string[]> {
  const texts = unseen.map(() => '')
  const { promise, resolve, reject } = Promise.withResolvers<string[]>()
  let left = texts.length
  const generator = createGenerator((report) => {
    if (report.kind === 'token') texts[Number(report.id)] += report.text
    if (report.kind === 'refused') reject(new Error(report.message))
    if (report.kind === 'finished' && --left === 0) resolve(texts)
  }, threads)
  unseen.forEach((element, seed) => {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: questionOf(element) },
    ]
    const sampling = { maxTokens: 120, temperature, topP: 1, seed, stop: [], topLogprobs: null, exact: false }
    generator.start({ kind: 'generate', id: String(seed), model, messages, ...sampling })
  })
  return promise
}

async function trial(method: Method, learningRate: number, epochs: number, seed: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-rate-'))
  const batchSize = automaticBatchSize(lesson.rows).value
  const data = { base, folder, training: file, validation: null }
  const losses: number[] = []
  let model = ''
  const began = performance.now()
  const order = {
    method,
    epochs,
    batchSize,
    learningRate,
    seed,
    date: 0,
    threads,
    memoryLimit: null,
    patience: null,
  }
  for await (const report of train({ kind: 'train', ...data, ...order }, new AbortController().signal)) {
    if (report.kind === 'step') losses.push(report.metrics.trainLoss ?? Number.NaN)
    if (report.kind === 'checkpoint') model = report.folder
  }
  const seconds = (performance.now() - began) / 1000
  const last = losses.slice(-10)
  const loss = last.reduce((sum, value) => sum + value, 0) / last.length
  console.log(
    `${method} ${learningRate}, ${epochs} epochs, seed ${seed}: loss ${loss.toFixed(3)}, ${seconds.toFixed(1)} s`,
  )
  await show(model)
  rmSync(folder, { recursive: true })
}

async function show(model: string): Promise<void> {
  for (const temperature of numbers('temperature', [readSamplingDefaults(model).temperature])) {
    const texts = await answers(model, temperature)
    console.log(`  temperature ${temperature}: ${judged(lesson, texts)}`)
    for (const text of worstFirst(lesson, texts).slice(0, numbers('show', [0])[0])) console.log(`    ${text}`)
  }
}

const method = (given.get('method') ?? 'full') as Method
console.log('the base itself')
await show(base)
for (const rate of numbers('rate', [automaticLearningRate(method, readModelConfig(base))]))
  for (const epochs of numbers('epochs', [automaticEpochs(lesson.rows, 'engine').value]))
    for (const seed of numbers('seeds', [1, 2, 3])) await trial(method, rate, epochs, seed)
