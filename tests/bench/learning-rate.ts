/**
 * Which learning rate, how many epochs turn a file of limericks into limericks: trains the shipped base with every
 * combination as a job would, and judges its answers about forty elements that the file does not hold, sampled as the
 * model recommends.
 * Usage: node --conditions=react-server tests/bench/learning-rate.ts <training.jsonl> [name=a,b …]
 *   method=full|lora  rate=5e-4,1e-3  epochs=10  seeds=1,2,3  temperature=0,0.4 (default: the model's own)  show=3
 *   base=FOLDER (`ask=no`: without its own answers)  threads=2
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Method } from '#lib/engine/model/defaults.ts'
import { readSamplingDefaults } from '#lib/engine/model/generation-config.ts'
import { judged, lessonIn, questionOf, worstFirst } from './judge-answers.ts'
import { answersOf, trainModel, type Wish } from './trained.ts'

const [training = '', ...options] = process.argv.slice(2)
const given = new Map(options.map((option) => option.split('=') as [string, string]))
const base = given.get('base') ?? fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const threads = Number(given.get('threads') ?? 1)
const numbers = (name: string): number[] | undefined => given.get(name)?.split(',').map(Number)

const lesson = lessonIn(readFileSync(training, 'utf8'))
const questions = lesson.unseen.map((element) => ({ system: lesson.system, user: questionOf(element) }))

async function show(model: string): Promise<void> {
  for (const temperature of numbers('temperature') ?? [readSamplingDefaults(model).temperature]) {
    const texts = await answersOf(model, questions, { temperature, threads })
    console.log(`  temperature ${temperature}: ${judged(lesson, texts)}`)
    for (const text of worstFirst(lesson, texts).slice(0, numbers('show')?.[0] ?? 0))
      console.log(`    ${text}`)
  }
}

async function trial(wish: Wish): Promise<void> {
  const { model, method, rate, epochs, loss, seconds, discard } = await trainModel(wish)
  console.log(
    `${method} ${rate}, ${epochs} epochs, seed ${wish.seed}: loss ${loss.toFixed(3)}, ${seconds.toFixed(1)} s`,
  )
  await show(model)
  discard()
}

if (given.get('ask') !== 'no') {
  console.log('the base itself')
  await show(base)
}
const shared = {
  base,
  training,
  rows: lesson.rows,
  threads,
  method: given.get('method') as Method | undefined,
}
for (const rate of numbers('rate') ?? [undefined])
  for (const epochs of numbers('epochs') ?? [undefined])
    for (const seed of numbers('seeds') ?? [1, 2, 3]) await trial({ ...shared, rate, epochs, seed })
