/**
 * What limerick_trainer and the engine that follows it add to plain TRL: the forty shipped limericks, once, by adapter, on the
 * same tokens, in turns, since one run differs from the next by a tenth; the memory of a step, estimated and measured; and the loss of the first step beside the built-in
 * trainer's.
 * BENCH_MODEL    folder of the model, such as SmolLM2-135M-Instruct
 * BENCH_PYTHON   a Python with the packages of trainer/requirements.txt
 * Usage: node --conditions=react-server tests/bench/trl.ts [rounds]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type OpenAI from 'openai'
import { automaticLearningRate } from '#lib/engine/model/defaults.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import type { StepData, WireJob } from '#lib/engine/wire.ts'
import { readSamples } from '#lib/engine/worker/rows.ts'
import { elle, eventsOf, jobOf, newFolder, startEngine, stopEngine, upload } from '../support/engine.ts'

const { BENCH_MODEL: model = '', BENCH_PYTHON: python = '' } = process.env
const rounds = Number(process.argv[2] ?? 4)
const EPOCHS = 1
const peers = fileURLToPath(new URL('peers.py', import.meta.url))
const isOver = ({ status }: WireJob) => ['succeeded', 'failed', 'cancelled'].includes(status)
const inGB = (bytes: number | undefined) => `${((bytes ?? 0) / 1e9).toFixed(2)} GB`
const inS = (seconds: number) => `${seconds.toFixed(1)} s`

/** What a step takes when nothing else of the machine comes in between. */
const quartile = (values: number[]): number => values.toSorted((x, y) => x - y)[values.length >> 2] ?? 0

/** CPU seconds of a process so far. Source: proc(5). */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

const architecture = readModelConfig(model)
const scratch = mkdtempSync(path.join(tmpdir(), 'limerick-bench-'))
const modelsFolder = path.join(scratch, 'models')
const file = path.join(scratch, 'training.jsonl')
const rowsFile = path.join(scratch, 'rows.json')

/** Seconds of each step of TRL's own trainer on the engine's tokens. */
async function plain(): Promise<number[]> {
  const reading = { tokenizer: readTokenizer(model), context: architecture.context, date: new Date(0) }
  const samples = (await readSamples(file, reading)).flat()
  const rows = samples.map(({ ids, weights }) => ({
    ids: Array.from(ids),
    labels: Array.from(ids, (id, index) => (weights[index] ? id : -100)),
  }))
  writeFileSync(rowsFile, JSON.stringify(rows))
  const rate = automaticLearningRate('lora', architecture)
  const args = [peers, model, rowsFile, EPOCHS, availableParallelism(), rate, 'trl'].map(String)
  const { stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' })
  const line = stdout.split('\n').find((text) => text.startsWith('{"'))
  if (!line) throw new Error(stderr)
  return JSON.parse(line).steps
}

async function trained(trainer: 'onnx' | 'trl', n_epochs: number) {
  const engine = await startEngine(await newFolder(), modelsFolder, { python })
  try {
    const training_file = await upload(engine.client, readFileSync(file, 'utf8').trimEnd().split('\n'))
    const { id } = await engine.client.fineTuning.jobs.create({
      model: path.basename(model),
      training_file,
      seed: 7,
      hyperparameters: { n_epochs, batch_size: 1 },
      limerick: { trainer, method: 'lora' },
    } as OpenAI.FineTuning.JobCreateParams)
    const before = cpuOf(engine.process.pid as number)
    // Asked seldom, for its answers are the engine's work too.
    while (!isOver(await jobOf(engine.client, id))) await pause(2_000)
    const job = await jobOf(engine.client, id)
    if (job.status !== 'succeeded') throw new Error(JSON.stringify(job.error))
    const cpu = cpuOf(engine.process.pid as number) - before
    const steps = (await eventsOf(engine.client, id)).flatMap(({ type, data }) =>
      type === 'metrics' ? [data as StepData] : [],
    )
    return { job, steps, cpu }
  } finally {
    await stopEngine(engine)
  }
}

try {
  mkdirSync(modelsFolder)
  symlinkSync(model, path.join(modelsFolder, path.basename(model)))
  writeFileSync(file, `${elle.join('\n')}\n`)
  const alone: number[] = []
  const followed: number[] = []
  for (let round = 1; round <= rounds; round++) {
    // Each goes first in half of the rounds: what else the machine does changes slowly.
    if (round % 2 === 1) alone.push(...(await plain()))
    const { job, steps, cpu } = await trained('trl', EPOCHS)
    if (round % 2 === 0) alone.push(...(await plain()))
    const seconds = steps.map((step) => step.limerick.seconds ?? 0)
    followed.push(...seconds)
    const [theirs, ours] = [quartile(alone), quartile(followed)]
    console.log(
      `a step     ${theirs.toFixed(3)} s of plain TRL, ${ours.toFixed(3)} s of limerick_trainer: ${(ours / theirs).toFixed(3)} times`,
    )
    if (round < rounds) continue
    const { estimate, measured } = job.limerick.run?.memory ?? {}
    const tokens = (job.trained_tokens ?? 0) / seconds.reduce((sum, one) => sum + one, 0)
    console.log(
      `           ${tokens.toFixed(0)} tokens/s; the engine's own CPU, validation of the file included: ${inS(cpu)}`,
    )
    console.log(`memory     ${inGB(estimate)} estimated, ${inGB(measured)} measured`)
    const [first] = (await trained('onnx', 1)).steps
    const [built = Number.NaN, trl = Number.NaN] = [first?.train_loss, steps[0]?.train_loss]
    console.log(
      `first loss ${built.toFixed(6)} built-in, ${trl.toFixed(6)} trl, ${Math.abs(built - trl).toExponential(1)} apart`,
    )
  }
} finally {
  rmSync(scratch, { recursive: true })
}
