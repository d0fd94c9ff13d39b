/**
 * The lesson through the official clients as people write it: upload ten rows, create a job without hyperparameters, ask
 * about forty unseen elements without a temperature. Three seeds each; counts of form, rhyme and facts. Needs a build.
 * BENCH_MODEL is the folder of a base model; else the shipped one is trained.
 * node --conditions=react-server tests/bench/clients.ts <training.jsonl> [python with the openai package] [seeds]
 */
import { execFile } from 'node:child_process'
import { createReadStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { judged, lessonIn, questionOf, worstFirst } from './judge-answers.ts'

const [file = 'public/samples/elle.jsonl', python, seeds = '1,2,3'] = process.argv.slice(2)
const folder = process.env.BENCH_MODEL
const model = folder ? path.basename(folder) : 'limerick-base'
const lesson = lessonIn(readFileSync(file, 'utf8'))
const { system, unseen } = lesson
const script = fileURLToPath(new URL('./clients.py', import.meta.url))

async function withNode(studio: Studio, seed: number): Promise<string[]> {
  const sdk = studio.sdk()
  const { id } = await sdk.files.create({ file: createReadStream(file), purpose: 'fine-tune' })
  let job = await sdk.fineTuning.jobs.create({ training_file: id, model, seed })
  while (!['succeeded', 'failed', 'cancelled'].includes(job.status)) {
    await new Promise((wake) => setTimeout(wake, 500))
    job = await sdk.fineTuning.jobs.retrieve(job.id)
  }
  const answers: string[] = []
  for (const element of unseen) {
    const messages = [
      { role: 'system' as const, content: system },
      { role: 'user' as const, content: questionOf(element) },
    ]
    const { choices } = await sdk.chat.completions.create({ model: job.fine_tuned_model ?? '', messages })
    answers.push(choices[0]?.message.content ?? '')
  }
  return answers
}

async function withPython(studio: Studio, seed: number): Promise<string[]> {
  const input = JSON.stringify({ file, model, seed, system, questions: unseen.map(questionOf) })
  const env = {
    ...process.env,
    OPENAI_BASE_URL: `http://127.0.0.1:${studio.port}/v1`,
    OPENAI_API_KEY: studio.key(),
  }
  const running = promisify(execFile)(python ?? '', [script], { env })
  running.child.stdin?.end(input)
  return JSON.parse((await running).stdout)
}

function show(client: string, seed: number, answers: string[], began: number): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(`${client}, seed ${seed}: ${judged(lesson, answers)}; job and answers ${seconds} s`)
  for (const text of worstFirst(lesson, answers).slice(0, 5)) console.log(`    ${text}`)
}

const studio = await startStudio({ env: folder ? { LIMERICK_MODELS: path.dirname(folder) } : {} })
try {
  for (const seed of seeds.split(',').map(Number)) {
    const began = performance.now()
    show('openai for Node', seed, await withNode(studio, seed), began)
    const again = performance.now()
    if (python) show('openai for Python', seed, await withPython(studio, seed), again)
  }
} finally {
  await discard(studio)
}
