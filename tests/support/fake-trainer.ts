/**
 * A whole trainer of the contract `limerick.run/1` (docs/trainers.md) that learns nothing: its adapter changes no answer.
 * Called as the real one is, `… train FOLDER`, `… cluster FOLDER`, `… probe` or `… serve`, whose words take as long as a
 * step. FAKE_STEP is the time of a step in ms;
 * FAKE_FACTS is JSON that its probe says too; FAKE_MEMORY is what its first step takes, in bytes, of which half is
 * estimated; after step FAKE_BEST its loss rises.
 */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const KEYS =
  'contract job attempt base start_adapter method tuning lora dpo epochs batch_size micro_batch learning_rate schedule warmup_ratio weight_decay clip max_length too_long template dtype quantization devices distributed evaluate checkpoints seed deterministic'
const [command, folder = ''] = process.argv.slice(
  process.argv.findIndex((word) => /^(train|cluster|probe|serve)$/.test(word)),
)
const inside = (...names: string[]) => path.join(folder, ...names)
const json = (file: string) => JSON.parse(fs.readFileSync(file, 'utf8'))
const versions = { node: process.versions.node }
let terminated = false
process.on('SIGTERM', () => (terminated = true))

/** What it uses of spec.json. */
interface Spec {
  contract: string
  base: { folder: string; name: string }
  method: 'supervised' | 'dpo'
  lora: { r: number; alpha: number } | null
  epochs: number
  batch_size: number
  learning_rate: number
  evaluate: { patience: number | null }
  checkpoints: { keep: number }
}

/** Appends a line, behind the last whole one: what a kill has cut off goes first. */
function openEvents() {
  const file = inside('events.jsonl')
  const whole = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').replace(/[^\n]*$/, '') : ''
  if (whole) fs.truncateSync(file, Buffer.byteLength(whole))
  let seq = whole.split('\n').length - 1
  return (kind: string, fields: object = {}) => {
    const line = { v: 1, seq: seq + 1, at: Date.now() / 1000, kind, ...fields }
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`, { flush: true, mode: 0o600 })
    seq++
  }
}

/** The folder has its name when it is complete, and not before. */
function publish(
  name: string,
  at: { step: number; epoch: number },
  files: Record<string, string | Uint8Array>,
) {
  const unfinished = inside(path.dirname(name), `.${path.basename(name)}.tmp`)
  fs.rmSync(unfinished, { recursive: true, force: true })
  fs.mkdirSync(unfinished, { recursive: true })
  const complete: Record<string, { bytes: number; sha256: string }> = {}
  for (const [file, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(unfinished, file), content, { flush: true })
    const sha256 = createHash('sha256').update(content).digest('hex')
    complete[file] = { bytes: Buffer.byteLength(content), sha256 }
  }
  fs.writeFileSync(path.join(unfinished, 'COMPLETE'), JSON.stringify({ ...at, files: complete }), {
    flush: true,
  })
  fs.rmSync(inside(name), { recursive: true, force: true })
  fs.renameSync(unfinished, inside(name))
}

/** Complete checkpoints in a folder, newest first. */
const checkpointsIn = (parent: string): number[] =>
  (fs.existsSync(parent) ? fs.readdirSync(parent) : [])
    .filter((name) => fs.existsSync(path.join(parent, name, 'COMPLETE')) && !name.startsWith('.'))
    .map((name) => Number(name.split('-')[1]))
    .sort((a, b) => b - a)

/** In PEFT's form; B is zero, so the adapter changes nothing. */
function adapterOf(base: string, rank: number): Uint8Array {
  const config = json(path.join(base, 'config.json'))
  const { hidden_size: width, num_attention_heads: heads, head_dim = width / heads } = config
  const header: Record<string, object> = {}
  let end = 0
  const add = (name: string, shape: [number, number]) => {
    const begin = end
    end += 4 * shape[0] * shape[1]
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] }
  }
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const module = `base_model.model.model.layers.${layer}.self_attn.q_proj`
    add(`${module}.lora_A.weight`, [rank, width])
    add(`${module}.lora_B.weight`, [heads * head_dim, rank])
  }
  const text = Buffer.from(JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([size, text, Buffer.alloc(end)])
}

function modelOf({ base, lora }: Spec): Record<string, string | Uint8Array> {
  const copy = (name: string) => fs.readFileSync(path.join(base.folder, name))
  if (!lora) return { 'config.json': copy('config.json'), 'model.safetensors': copy('model.safetensors') }
  const facts = { base_model_name_or_path: base.name, r: lora.r, lora_alpha: lora.alpha }
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    target_modules: ['q_proj'],
    bias: 'none',
    ...facts,
  }
  return {
    'adapter_config.json': JSON.stringify(config),
    'adapter_model.safetensors': adapterOf(base.folder, lora.r),
  }
}

function metricsAt(step: number, { method, learning_rate: learningRate }: Spec, endsEpoch: boolean) {
  const late = Math.max(0, step - Number(process.env.FAKE_BEST ?? Infinity))
  const [loss, accuracy] = [2 / (1 + step) + late, 1 - 1 / (1 + step)]
  const rewards = { chosen: 1, rejected: 0, accuracy: 1, margin: 1 }
  return {
    ...{ trainLoss: loss, trainAccuracy: method === 'dpo' ? null : accuracy, gradNorm: 1, learningRate },
    ...(method === 'dpo' && { trainRewards: rewards }),
    ...(endsEpoch && fs.existsSync(inside('valid.jsonl')) && { validLoss: loss, fullValidLoss: loss }),
  }
}

function prune(parent: string, keep: number): void {
  for (const old of checkpointsIn(inside(parent)).slice(keep))
    fs.rmSync(inside(parent, `checkpoint-${old}`), { recursive: true })
}

/** What it is to stop for, or null. */
function stopOf(): { keep: boolean } | null {
  if (fs.existsSync(inside('stop.json'))) return json(inside('stop.json'))
  return terminated ? { keep: false } : null
}

/** As CUDA shows them to a process. */
function visibleGpus(): { name: string }[] {
  const visible = (process.env.CUDA_VISIBLE_DEVICES ?? '').split(',')
  const { devices = [] }: { devices?: { name: string; uuid: string }[] } = JSON.parse(
    process.env.FAKE_FACTS ?? '{}',
  )
  const found = devices.filter(({ uuid }) => visible.includes(uuid))
  return found.length > 0 ? found : [{ name: 'none' }]
}

async function train(): Promise<number> {
  const tell = openEvents()
  const spec: Spec = json(inside('spec.json'))
  const unknown = Object.keys(spec).find((key) => !KEYS.split(' ').includes(key))
  if (spec.contract !== 'limerick.run/1' || unknown) {
    tell('failed', { code: 'contract', message: `This trainer does not know ${unknown ?? spec.contract}.` })
    return 10
  }
  tell('hello', { trainer: 'fake', versions, devices: visibleGpus(), world_size: 1 })
  const rows = fs.readFileSync(inside('train.jsonl'), 'utf8').trim().split('\n').length
  const [tokens, perEpoch] = [40 * rows, Math.ceil(rows / spec.batch_size)]
  const totalSteps = perEpoch * spec.epochs
  const epochOf = (step: number) => Math.ceil(step / perEpoch)
  tell('prepared', { rows, tokens, trained_tokens: 10 * rows, truncated: [], split: [], boundary: [] })
  const planFile = inside('state/plan.json')
  const plan = fs.existsSync(planFile) ? json(planFile) : { micro_batch: spec.batch_size }
  let [step = 0] = checkpointsIn(inside('state'))
  const taken = Number(process.env.FAKE_MEMORY ?? 0)
  const memory = { estimate: { total: taken / 2 }, free: 1e9, micro_batch: plan.micro_batch, accumulation: 1 }
  if (taken) tell('memory', { ...memory, measured: null, strategy: 'single' })
  tell('started', { step, totalSteps, tokensPerEpoch: tokens })

  const tellCheckpoint = (metrics: object) =>
    tell('checkpoint', { step, epoch: epochOf(step), folder: `checkpoint-${step}`, metrics })
  /** The state last: a run that goes on from it lacks nothing that was before. */
  const save = (metrics: object) => {
    const at = { step, epoch: epochOf(step) }
    publish(`checkpoint-${step}`, at, modelOf(spec))
    publish(`state/checkpoint-${step}`, at, { 'metrics.json': JSON.stringify(metrics) })
    tellCheckpoint(metrics)
    prune('.', spec.checkpoints.keep)
    prune('state', 2)
  }
  // It may have been killed before it told.
  if (step > 0) tellCheckpoint(json(inside(`state/checkpoint-${step}/metrics.json`)))

  // A run that goes on after a stop has forgotten these, which is enough for the tests.
  let [best, worse] = [Infinity, 0]
  const isStuck = ({ fullValidLoss }: { fullValidLoss?: number }): boolean => {
    if (fullValidLoss === undefined) return false
    worse = fullValidLoss < best ? 0 : worse + 1
    best = Math.min(best, fullValidLoss)
    return spec.evaluate.patience !== null && worse >= spec.evaluate.patience
  }
  const [fault, faultStep] = (process.env.LIMERICK_TRAINER_FAULT ?? '').split(':')
  while (step < totalSteps) {
    const stop = stopOf()
    if (stop) {
      const endsEpoch = step % perEpoch === 0
      if (stop.keep && !checkpointsIn(inside('state')).includes(step)) save(metricsAt(step, spec, endsEpoch))
      tell('stopped', { step })
      return 0
    }
    if (!fs.existsSync(inside('spec.json'))) return 1 // nobody wants the run any more
    if (fault === 'oom' && step + 1 === Number(faultStep) && plan.micro_batch > 1) {
      tell('notice', {
        level: 'warn',
        code: 'oom',
        message: 'Memory ran out: fewer rows are trained at once.',
      })
      fs.mkdirSync(inside('state'), { recursive: true })
      fs.writeFileSync(planFile, JSON.stringify({ micro_batch: plan.micro_batch >> 1 }), { flush: true })
      tell('again', { code: 'oom', message: 'Memory ran out.' })
      return 75
    }
    await pause(Number(process.env.FAKE_STEP ?? 5))
    step++
    const first = ((step - 1) % perEpoch) * spec.batch_size
    const batch = Array.from({ length: Math.min(spec.batch_size, rows - first) }, (_, i) => first + i)
    const metrics = metricsAt(step, spec, step % perEpoch === 0)
    const facts = { step, totalSteps, epoch: epochOf(step), metrics, rows: batch, losses: null }
    tell('step', { ...facts, tokens: 40 * batch.length, seconds: 0.01 })
    if (taken && step === 1) tell('memory', { ...memory, measured: taken, strategy: 'single' })
    if (step % perEpoch === 0) save(metrics)
    if (isStuck(metrics)) break
  }
  tell('done', { step, trainedTokens: tokens * epochOf(step) })
  return 0
}

interface Question {
  kind: 'generate' | 'abort'
  id: string
  maxTokens: number
  topLogprobs: number | null
}

/** Answers every question alike. What it is asked stands in FAKE_ASKED, line by line. */
async function serve(): Promise<number> {
  const aborted = new Set<string>()
  const say = (report: object) => console.log(JSON.stringify(report))
  const answer = async ({ id, maxTokens, topLogprobs }: Question): Promise<void> => {
    const words = ['a', ' verse', ' of', ' gold'].slice(0, maxTokens)
    for (const text of words) {
      await pause(Number(process.env.FAKE_STEP ?? 5))
      const one = { token: text, logprob: -0.5 }
      if (aborted.has(id)) return
      say({ kind: 'token', id, text, ...(topLogprobs !== null && { logprob: { ...one, top: [one] } }) })
    }
    const reason = maxTokens < 4 ? 'length' : 'stop'
    say({ kind: 'finished', id, reason, completionTokens: words.length })
  }
  let last = Promise.resolve()
  for await (const line of createInterface(process.stdin)) {
    if (process.env.FAKE_ASKED) fs.appendFileSync(process.env.FAKE_ASKED, `${line}\n`)
    const question: Question = JSON.parse(line)
    if (question.kind === 'abort') aborted.add(question.id)
    else last = last.then(() => answer(question))
  }
  return 0
}

if (command === 'serve') process.exit(await serve())
if (command === 'probe') {
  const facts = JSON.parse(process.env.FAKE_FACTS ?? '{}')
  console.log(
    JSON.stringify({ contract: 'limerick.run/1', trainer: 'fake', versions, devices: [], ...facts }),
  )
} else
  process.exitCode = await train().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.tmp')) fs.rmSync(inside(name), { recursive: true, force: true }) // makes room for the line
    openEvents()('failed', { code: 'disk', message: 'The disk is full.' })
    return 10
  })
