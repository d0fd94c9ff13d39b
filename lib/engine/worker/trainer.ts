import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '#lib/core/errors.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { expectMemoryToTrain, trainingMemory } from '../memory.ts'
import { type Plan, planBatches } from '../model/batches.ts'
import * as checkpoint from '../model/checkpoint.ts'
import type { Sample } from '../model/conversation.ts'
import { automaticWarmUp, loraOf } from '../model/defaults.ts'
import { initLora, type Lora } from '../model/lora.ts'
import { isWhole } from '../model/manifest.ts'
import { readModelConfig } from '../model/model-config.ts'
import { mergedWeights, weightsHash } from '../model/model-folder.ts'
import { type AdamW, prepareUpdates, scheduled, update } from '../model/optimizer.ts'
import { answersQuantised } from '../model/quantise.ts'
import { bytesOf, type Tensors } from '../model/tensors.ts'
import { readTokenizer } from '../model/tokenizer.ts'
import { openTrainStep, type TrainableModel, trainable, validatedAtOnce } from '../model/train-step.ts'
import { type Objective, openObjective, readData, sequencesOf } from './objective.ts'
import type { StepMetrics, TrainerReport, TrainOrder } from './protocol.ts'

/** Number of epoch checkpoints kept on disk; the best one stays too, however old. */
const KEPT = 3

/** Maximum training time lost in a power cut, in ms. */
const RESUME_AFTER = 60_000

/** Small validations per epoch, each on the next few rows of the validation file. */
const VALIDATIONS = 4
const VALIDATION_ROWS = 4

/** Most tokens of all small validations, and of the whole ones of a large model, as a share of those trained on. */
const SMALL_SHARE = 0.1
const WHOLE_SHARE = 0.25

/** Abort reason that saves a checkpoint before stopping. */
export const KEEP = Symbol('keep')

/** The state of a training in memory. */
interface Run {
  order: TrainOrder
  plan: Plan
  objective: Objective
  /** Tokens that the model reads in one epoch, and in one whole validation. */
  tokens: { training: number; validation: number }
  close: () => Promise<void>
  parameters: Tensors
  optimizer: AdamW
  lora: Lora | null
  /** In steps. */
  warmUp: number
  /** Whether a step takes long enough for validation to be rationed. */
  isLarge: boolean
  state: checkpoint.TrainerState
  /** The newest step that can be resumed. */
  savedStep: number
}

/**
 * Trains one job, step by step; resumes from the newest complete checkpoint in its folder.
 * The same order gives bit-identical results, interrupted or not. When `signal` fires, the current step is
 * finished and saved, and `stopped` is the last report; with KEEP, a checkpoint for users is written before it.
 * With `patience`, it ends after that many full validations in a row without a new best.
 */
export async function* train(order: TrainOrder, signal: AbortSignal): AsyncGenerator<TrainerReport> {
  const run = await prepare(order)
  const { plan, objective, tokens, parameters, optimizer, state } = run
  const { totalSteps } = plan
  const { weightDecay } = order
  yield { kind: 'started', step: state.step, totalSteps, tokensPerEpoch: tokens.training }
  yield* resendSteps(run)

  let saved = performance.now()
  let last: StepMetrics | null = null
  while (state.step < totalSteps && !isStuck(run)) {
    await setImmediate() // lets a stop arrive: a step blocks the thread
    if (signal.aborted) {
      if (signal.reason === KEEP && last && !plan.endsEpoch(state.step)) yield await keep(run, last)
      else if (state.step > run.savedStep) await save(run, 'resume')
      yield { kind: 'stopped', step: state.step }
      return
    }
    const began = performance.now()
    const step = state.step + 1
    const rows = plan.rows(step)
    const { gradients, losses, ...learnt } = await objective.learn(rows)
    const learningRate = scheduled(order.learningRate, step, totalSteps, run.warmUp)
    const options = { learningRate, weightDecay }
    const gradNorm = gradients ? update(parameters, gradients, optimizer, options) : null
    expectFinite(gradNorm, step)
    const learntAt = performance.now()
    const metrics: StepMetrics = { ...trained(learnt), ...(await validate(run, step)) }
    const seconds = secondsSince(began)
    const validationSeconds = secondsSince(learntAt)

    state.step = step
    last = metrics
    noteBest(state, metrics)
    const record = { step, metrics, rows, losses, seconds, learningRate, gradNorm }
    state.history.push(record)
    yield { kind: 'step', totalSteps, epoch: plan.epoch(step), validationSeconds, ...record }

    const kind = plan.endsEpoch(step) ? 'checkpoint' : 'resume'
    if (kind === 'checkpoint' || performance.now() - saved > RESUME_AFTER) {
      const folder = await save(run, kind)
      saved = performance.now()
      if (kind === 'checkpoint') yield { kind, step, epoch: plan.epoch(step), folder, metrics }
    }
  }
  await run.close()
  const trainedTokens = tokens.training * plan.epoch(state.step)
  yield { kind: 'done', step: state.step, trainedTokens }
}

/** @throws AppError `invalid` when a step's gradients have overflowed: no later step would learn anything */
function expectFinite(gradNorm: number | null, step: number): void {
  if (gradNorm === null || Number.isFinite(gradNorm)) return
  throw new AppError('invalid', {
    message: `Training diverged at step ${step}: its gradients are not finite numbers. Try a lower learning rate.`,
  })
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000

/** Of two losses alike, the earlier one is the best. */
function noteBest(state: checkpoint.TrainerState, { fullValidLoss: loss }: StepMetrics): void {
  if (loss === undefined) return
  const isBetter = Number.isFinite(loss) && loss < (state.best?.loss ?? Infinity)
  if (isBetter) state.best = { step: state.step, loss }
  state.worse = isBetter ? 0 : state.worse + 1
}

/** Whether early stopping was asked for, and validation has not improved for as long. */
const isStuck = ({ order, state }: Run): boolean => order.patience !== null && state.worse >= order.patience

const tokenCount = (samples: readonly Sample[]) => samples.reduce((sum, { ids }) => sum + ids.length, 0)

const longest = (samples: readonly Sample[]) =>
  samples.reduce((most, { ids }) => Math.max(most, ids.length), 0)

async function prepare(order: TrainOrder): Promise<Run> {
  mkdirSync(order.folder, { recursive: true, mode: 0o700 })
  const architecture = readModelConfig(order.base)
  const tokenizer = readTokenizer(order.base)
  const context = Math.min(architecture.context, order.maxLength ?? Infinity)
  const reading = { tokenizer, context, date: new Date(order.date) }
  const data = await readData(order, reading)
  const { training, validation } = sequencesOf(data)
  const memory = trainingMemory(architecture, order.method, order.preference ? 'dpo' : 'supervised')
  expectMemoryToTrain({
    memory,
    tokens: longest([...training, ...validation]),
    limit: order.memoryLimit,
  })
  const weights = await mergedWeights(order.base)
  const lora = loraOf(order.method)

  const baseHash = await weightsHash(order.base)
  const found = await findSnapshot(order, baseHash)
  checkpoint.discardAfter(order.folder, found?.state.step ?? 0)
  const start = found?.parameters ?? (lora ? initLora(architecture, lora, order.seed) : weights)
  const { parameters, gradients, optimizer } = prepareUpdates(start, found?.optimizer)
  const atOnce = validatedAtOnce(architecture, longest(training))
  const open = (model: Omit<TrainableModel, 'architecture'>, into?: Tensors) =>
    openTrainStep({ architecture, ...model }, order.threads, atOnce, into)
  const { objective, close } = await openObjective(
    data,
    () => open({ weights, adapter: null }),
    () => open(trainable(weights, lora, parameters), gradients),
  )
  return {
    order,
    plan: planBatches(objective.training, order),
    objective,
    tokens: { training: tokenCount(training), validation: tokenCount(validation) },
    close,
    parameters,
    optimizer,
    lora,
    warmUp: automaticWarmUp(architecture),
    isLarge: answersQuantised(architecture),
    state: found?.state ?? {
      ...fingerprint(order, baseHash),
      ...{ step: 0, updates: 0, history: [], best: null, worse: 0 },
    },
    savedStep: found?.state.step ?? 0,
  }
}

/** What must be equal to resume a checkpoint; paths may have changed, and the number of threads does not matter. */
function fingerprint(order: TrainOrder, baseHash: string) {
  const { method, epochs, batchSize, learningRate, seed } = order
  // What is not set is left out: jobs that began before there was such a setting go on.
  const patience = order.patience ?? undefined
  const preference = order.preference ?? undefined
  const weightDecay = order.weightDecay || undefined
  const maxLength = order.maxLength ?? undefined
  const settings = { method, epochs, batchSize, learningRate, patience, preference, weightDecay, maxLength }
  return { seed, baseHash, order: JSON.stringify(settings) }
}

async function findSnapshot(order: TrainOrder, baseHash: string): Promise<checkpoint.Snapshot | null> {
  const newest = await checkpoint.newestCheckpoint(order.folder)
  if (!newest) return null
  const snapshot = checkpoint.readCheckpoint(newest.folder)
  const wanted = fingerprint(order, baseHash)
  const { state } = snapshot
  const same =
    state.seed === wanted.seed && state.baseHash === wanted.baseHash && state.order === wanted.order
  return same ? snapshot : null
}

/** After a restart, repeats reports that may have been lost. */
async function* resendSteps({ order, plan, state }: Run): AsyncGenerator<TrainerReport> {
  const { totalSteps } = plan
  for (const record of state.history)
    yield { kind: 'step', totalSteps, epoch: plan.epoch(record.step), validationSeconds: 0, ...record }
  for (const { folder, kind, step } of checkpoint.listCheckpoints(order.folder).reverse()) {
    if (kind !== 'checkpoint' || step > state.step || !(await isWhole(folder))) continue
    const metrics = checkpoint.readState(folder).history.at(-1)?.metrics
    if (metrics) yield { kind, step, epoch: plan.epoch(step), folder, metrics }
  }
  state.history = []
}

type Measured = Awaited<ReturnType<Objective['validate']>>

const trained = ({ loss, accuracy, rewards }: Measured): StepMetrics => ({
  trainLoss: loss,
  trainAccuracy: accuracy,
  ...(rewards && { trainRewards: rewards }),
})
// Rows without trained tokens are not in the validation, so there is always a loss to measure.
const measured = ({ loss, accuracy, rewards }: Measured): Partial<StepMetrics> => ({
  validLoss: loss ?? undefined,
  validAccuracy: accuracy ?? undefined,
  ...(rewards && { validRewards: rewards }),
})
const wholly = ({ loss, accuracy, rewards }: Measured): Partial<StepMetrics> => ({
  fullValidLoss: loss ?? undefined,
  fullValidAccuracy: accuracy ?? undefined,
  ...(rewards && { fullValidRewards: rewards }),
})

/** Size of the validation file against the training file, in tokens. */
const proportion = ({ tokens }: Run): number => tokens.validation / Math.max(1, tokens.training)

/** Rows of a small validation; 0 for none. */
function validationRows(run: Run): number {
  const rows = run.objective.validation
  return Math.min(VALIDATION_ROWS, rows, Math.floor((SMALL_SHARE / VALIDATIONS / proportion(run)) * rows))
}

/**
 * Every so many epochs a large model is validated on all rows, counted back from the last; a small one at every end,
 * and so is every model whose training may stop early.
 */
const wholeEvery = (run: Run): number =>
  run.isLarge && run.order.patience === null ? Math.ceil(proportion(run) / WHOLE_SHARE) : 1

function validatesWholly(run: Run, step: number): boolean {
  const { plan, order } = run
  return plan.endsEpoch(step) && (order.epochs - plan.epoch(step)) % wholeEvery(run) === 0
}

/** Validates on a few rows every quarter of an epoch, and on all rows at its end, as far as the shares allow. */
async function validate(run: Run, step: number): Promise<Partial<StepMetrics>> {
  const { objective, plan } = run
  if (objective.validation === 0) return {}
  if (validatesWholly(run, step)) {
    const all = await objective.validate()
    return { ...measured(all), ...wholly(all) }
  }
  const quarter = (at: number) => Math.floor((VALIDATIONS * at) / plan.stepsPerEpoch)
  const size = validationRows(run)
  if (size === 0 || quarter(step) === quarter(step - 1)) return {}
  const first = (quarter(step) - 1) * size
  const rows = Array.from({ length: size }, (_, i) => (first + i) % objective.validation)
  return measured(await objective.validate(rows))
}

/** Writes a checkpoint between epoch ends, with the same full validation. */
async function keep(run: Run, last: StepMetrics): Promise<TrainerReport> {
  const { state, plan, objective } = run
  const full = objective.validation > 0 ? await objective.validate() : null
  const metrics = full ? { ...last, ...wholly(full) } : last
  const folder = await save(run, 'checkpoint')
  return { kind: 'checkpoint', step: state.step, epoch: plan.epoch(state.step), folder, metrics }
}

/** Durable when it returns. @returns the checkpoint's folder */
async function save(run: Run, kind: checkpoint.CheckpointKind): Promise<string> {
  const { order, parameters, optimizer, lora, state } = run
  const folder = path.resolve(checkpoint.checkpointFolder(order.folder, kind, state.step))
  const snapshot = { parameters, optimizer, lora, state: { ...state, updates: optimizer.updates } }
  await expectSpace(order.folder, bytesOf(parameters) + bytesOf(optimizer.m) + bytesOf(optimizer.v))
  await checkpoint.writeCheckpoint(folder, path.resolve(order.base), snapshot)
  checkpoint.pruneCheckpoints(order.folder, KEPT, state.best?.step ?? null)
  state.history = []
  run.savedStep = state.step
  return folder
}
