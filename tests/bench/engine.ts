/**
 * The engine beside its peers in the same run: one step of the shipped base, training the lesson and answering on a model
 * that people know, one chat and eight at once, the first answer after a start, and how quickly the studio answers while it
 * trains. Peers that are not there are skipped with a line.
 * BENCH_MODEL       folder of SmolLM2-135M-Instruct, or of another model; else only the shipped model is measured
 * BENCH_PYTHON      a Python with torch, transformers and peft, and trl if possible
 * BENCH_LLAMA       a folder in which `npm i node-llama-cpp` was run
 * Usage: npm run bench:engine [-- step|train|answer|start|studio …]. The last two need a build.
 */
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parameterCount } from '#lib/engine/model/architecture.ts'
import { automaticLearningRate, automaticMethod } from '#lib/engine/model/defaults.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import type { TrainerReport, TrainOrder } from '#lib/engine/worker/protocol.ts'
import { readSamples } from '#lib/engine/worker/rows.ts'
import { elleHeldOut, elleTraining, jsonlFile } from '../support/elle.ts'
import { discard, startStudio } from '../support/studio.ts'
import { PROMPT } from './engine-prompt.ts'
import { inMs, spread } from './figures.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const { BENCH_MODEL: known, BENCH_PYTHON: python, BENCH_LLAMA: llama } = process.env
const SHIPPED = here('../../lib/engine/base')
const model = known ?? SHIPPED
const wanted = process.argv.slice(2)
const cores = availableParallelism()
const architecture = readModelConfig(model)
const method = automaticMethod(parameterCount(architecture))
const learningRate = automaticLearningRate(method, architecture)
const EPOCHS = 10
const folder = mkdtempSync(path.join(tmpdir(), 'limerick-bench-'))
const inside = (name: string) => path.join(folder, name)
const [training, validation] = [inside('training.jsonl'), inside('validation.jsonl')]
writeFileSync(training, elleTraining())
writeFileSync(validation, elleHeldOut())

const say = (line: string) => console.log(line)
const inMiB = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

/** Most memory that a process has had; Linux only. */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]) * 1024
}

/** The lesson in a worker process as the engine starts it. */
async function train(name: string, valid: string | null): Promise<void> {
  const worker = fork(here('../../lib/engine/worker/main.ts'), ['train'], { serialization: 'advanced' })
  const began = performance.now()
  let [loaded, peak, steps] = [0, 0, 0]
  worker.on('message', (report: TrainerReport) => {
    if (report.kind === 'failed') throw new Error(report.message)
    if (report.kind === 'started') loaded = performance.now() - began
    if (report.kind === 'step') steps = report.step
    peak = Math.max(peak, peakOf(worker.pid ?? 0))
  })
  const order: TrainOrder = {
    ...{ kind: 'train', base: model, folder: inside(name), training, validation: valid, method },
    ...{ epochs: EPOCHS, batchSize: 1, learningRate, seed: 1, date: 0, threads: cores },
    memoryLimit: null,
    patience: null,
    preference: null,
    weightDecay: 0,
  }
  worker.send(order)
  await once(worker, 'exit')
  const seconds = (performance.now() - began - loaded) / 1000
  say(
    `training   ${name}: ${steps} steps in ${seconds.toFixed(1)} s on ${cores} core(s), after reading the model in ${(loaded / 1000).toFixed(1)} s, ${inMiB(peak)} at most`,
  )
}

/** The rows as the engine learns them, for the peers. */
async function handRowsOver(): Promise<string> {
  const reading = { tokenizer: readTokenizer(model), context: architecture.context, date: new Date(0) }
  const samples = (await readSamples(training, reading)).flat()
  const rows = samples.map(({ ids, weights }) => ({
    ids: Array.from(ids),
    labels: Array.from(ids, (id, index) => (weights[index] ? id : -100)),
  }))
  writeFileSync(inside('rows.json'), JSON.stringify(rows))
  return inside('rows.json')
}

async function trainPeers(python: string): Promise<void> {
  const args = [model, await handRowsOver(), EPOCHS, cores, learningRate].map(String)
  const { stdout, stderr } = spawnSync(python, [here('peers.py'), ...args], { encoding: 'utf8' })
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"')) // TRL prints lists of Python beside them
  if (lines.length === 0) say(`PyTorch    skipped: ${stderr.trim().split('\n').at(-1)}`)
  for (const line of lines) {
    const { name, skipped, seconds, rss } = JSON.parse(line)
    say(
      skipped
        ? `training   ${name} skipped: ${skipped}`
        : `training   ${name}: ${seconds.toFixed(1)} s, ${inMiB(rss)} at most`,
    )
  }
}

const script = (file: string, ...args: (string | number)[]) =>
  spawnSync(process.execPath, ['--conditions=react-server', here(file), ...args.map(String)], {
    stdio: 'inherit',
  })

const ROWS_OF_A_STEP = [1, 8]
const TOKENS_OF_A_ROW = 112
const ROUNDS = 40

/** Steps of the shipped base, whatever model the rest is measured on. */
function steps(): void {
  for (const rows of ROWS_OF_A_STEP) {
    script('step.ts', 'full', rows, TOKENS_OF_A_ROW, ROUNDS)
    const args = [here('peer_step.py'), SHIPPED, rows, TOKENS_OF_A_ROW, ROUNDS].map(String)
    if (python) spawnSync(python, args, { stdio: ['ignore', 'inherit', 'ignore'] })
    else say('PyTorch    skipped: BENCH_PYTHON is not set')
  }
}

/** Numbers of threads to compare. */
const counts = [...new Set([1, Math.min(2, cores)])]

function answer(): void {
  for (const threads of counts) script('answers.ts', model, threads)
  script('answers.ts', model, 1, 'exact')
}

function answerPeers(llama: string): void {
  script('../../lib/engine/export/main.ts', model, inside('model.gguf'), 'q8_0')
  const prompt = readTokenizer(model).template.render(PROMPT, { opened: true, date: new Date() })
  for (const threads of counts) script('llama.ts', llama, inside('model.gguf'), threads, prompt)
}

/** How quickly the studio lists its jobs while one of them trains. */
async function busyStudio(): Promise<void> {
  mkdirSync(inside('models'))
  cpSync(model, inside('models/bench'), { recursive: true })
  const studio = await startStudio({ env: { LIMERICK_MODELS: inside('models') } })
  try {
    const sdk = studio.sdk()
    const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
    const { id } = await sdk.fineTuning.jobs.create({ model: 'bench', training_file: file.id })
    const step = async () =>
      (await sdk.fineTuning.jobs.listEvents(id, { limit: 1 })).data[0]?.type === 'metrics'
    while (!(await step())) await pause(100)
    const times: number[] = []
    for (let round = 0; round < 200; round++) {
      const began = performance.now()
      await (await fetch(`${studio.url}/api/jobs`)).arrayBuffer()
      times.push(performance.now() - began)
      await pause(50)
    }
    const { status } = await sdk.fineTuning.jobs.retrieve(id)
    say(`studio     GET /api/jobs while a job trains (${status} at the end): ${spread(times)}`)
  } finally {
    await discard(studio)
  }
}

/** From the request to the first token, of a product that has just started and of one that has answered before. */
async function firstAnswer(): Promise<void> {
  const studio = await startStudio()
  try {
    const sdk = studio.sdk()
    const first = async () => {
      const began = performance.now()
      const chunks = await sdk.chat.completions.create({
        ...{
          model: 'limerick-base',
          stream: true,
          messages: [{ role: 'user', content: 'Tell me about Neon' }],
        },
      })
      for await (const { choices } of chunks) if (choices[0]?.delta.content) return performance.now() - began
      throw new Error('An answer without a token')
    }
    const [cold, warm] = [await first(), await first()]
    say(`start      first token ${inMs(cold)} after the first request to a new product, then ${inMs(warm)}`)
  } finally {
    await discard(studio)
  }
}

const parts: Record<string, () => Promise<void>> = {
  async step() {
    steps()
  },
  async train() {
    await train('lesson with validation', validation)
    await train('lesson without', null)
    if (python && known) await trainPeers(python)
    else say('PyTorch    skipped: BENCH_PYTHON and BENCH_MODEL are not both set')
  },
  async answer() {
    answer()
    if (llama && known) answerPeers(llama)
    else say('llama.cpp  skipped: BENCH_LLAMA and BENCH_MODEL are not both set')
  },
  start: firstAnswer,
  studio: busyStudio,
}

if (!known) say('BENCH_MODEL is not set: the shipped model is measured')
for (const [name, part] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) await part()
rmSync(folder, { recursive: true })
