/** Builds a base model from nothing: text, tokenizer, training, model folder. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeJson, writeText } from '#lib/core/durable-file.ts'
import { createRandom, normal } from '#lib/core/random.ts'
import { type Architecture, weightShapes } from '../model/architecture.ts'
import { GENERATION_CONFIG } from '../model/generation-config.ts'
import { readModelConfig } from '../model/model-config.ts'
import { writeSafetensors } from '../model/safetensors.ts'
import { elements, type NamedShape, type Tensors } from '../model/tensors.ts'
import { allocate, type SharedState } from './adamw.ts'
import { conversation } from './corpus.ts'
import { createDice } from './dice.ts'
import { type Halves, openHalves, type StepResult } from './halves.ts'
import { beginning, deleteProgress, loadProgress, type Progress, saveProgress } from './progress.ts'
import { configOf, type Recipe, rateOf } from './recipe.ts'
import { seedOf } from './samples.ts'
import { sizeOf, TOKENIZER_CONFIG, trainTokenizer, wordCounts } from './tokenizer-training.ts'

export interface BuildOptions {
  /** Where everything is written; a build that was begun here goes on. */
  folder: string
  seed: number
  recipe: Recipe
  /** Takes as many steps as fit into this time by a measurement at the start; null for the recipe's. */
  minutes: number | null
  log: (line: string) => void
  /** Seconds between checkpoints. */
  saveEvery?: number
}

/** Files of the finished model, besides its weights. */
export const MODEL_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', GENERATION_CONFIG]
export const WEIGHTS = 'model.safetensors'

const CURVE = 'curve.json'
const RUN = 'run.json'

/** Purposes of random numbers. */
const TOKENIZER_STREAM = 1
const WEIGHTS_STREAM = 2
const CORPUS_STREAM = 3

const SAVE_EVERY = 180
const LOG_EVERY = 50

/** Steps to measure the time of one; the first ones open sessions. */
const WARM_UP_STEPS = 6
const MEASURED_STEPS = 12

/** A quarter of the system prompts: there are few of them, and they repeat themselves. */
function* tokenizerTexts(seed: number, count: number): Generator<string> {
  const dice = createDice(seedOf(seed, TOKENIZER_STREAM))
  for (let index = 0; index < count; index++)
    for (const { role, content } of conversation(dice)) {
      yield `${role}\n`
      if (role !== 'system' || index % 4 === 0) yield content
    }
}

/** The files that decide how the model reads and what shape it has. */
function writeModelFiles(folder: string, seed: number, recipe: Recipe): void {
  const tokenizer = trainTokenizer(wordCounts(tokenizerTexts(seed, recipe.tokenizerTexts)), recipe.vocabulary)
  writeText(path.join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  writeText(path.join(folder, 'tokenizer_config.json'), JSON.stringify(TOKENIZER_CONFIG))
  writeJson(path.join(folder, GENERATION_CONFIG), { temperature: 0.4, top_p: 0.9 })
  writeJson(path.join(folder, 'config.json'), configOf(recipe, sizeOf(tokenizer)))
}

/** Normal with deviation 0.02, less where a branch joins the residual; ones for norms (Radford et al. 2019). */
function initialise(state: SharedState, architecture: Architecture, seed: number): void {
  const random = createRandom(seedOf(seed, WEIGHTS_STREAM))
  let at = 0
  for (const [name, shape] of weightShapes(architecture)) {
    const isMatrix = shape.length > 1
    const joins = name.includes('o_proj') || name.includes('down_proj')
    const deviation = joins ? 0.02 / Math.sqrt(2 * architecture.layers) : 0.02
    for (const end = at + elements(shape); at < end; at++)
      state.weights[at] = isMatrix ? deviation * normal(random) : 1
  }
}

const sizeOfAll = (shapes: readonly NamedShape[]): number =>
  shapes.reduce((sum, [, shape]) => sum + elements(shape), 0)

function tensorsOf({ weights }: SharedState, architecture: Architecture): Tensors {
  let at = 0
  return new Map(
    weightShapes(architecture).map(([name, shape]) => {
      const data = Float32Array.from(weights.subarray(at, at + elements(shape)))
      at += data.length
      return [name, { shape, data }]
    }),
  )
}

const Run = z.object({ fingerprint: z.string(), steps: z.number().int().positive() })

const fingerprintOf = (seed: number, recipe: Recipe, minutes: number | null): string =>
  createHash('sha256').update(JSON.stringify({ seed, recipe, minutes })).digest('hex')

/** The steps that a run in this folder was begun with; null if there is none. */
function stepsOfRun(folder: string, fingerprint: string): number | null {
  const file = path.join(folder, RUN)
  if (!existsSync(file)) return null
  const run = Run.parse(JSON.parse(readFileSync(file, 'utf8')))
  if (run.fingerprint === fingerprint) return run.steps
  throw new Error(`${folder} holds a build with another seed, recipe or time: choose another folder.`)
}

/** Seconds that a step takes now. */
async function secondsPerStep(halves: Halves): Promise<number> {
  for (let step = 1; step <= WARM_UP_STEPS; step++) await halves.rehearse(step)
  const began = performance.now()
  for (let step = 1; step <= MEASURED_STEPS; step++) await halves.rehearse(WARM_UP_STEPS + step)
  return (performance.now() - began) / 1000 / MEASURED_STEPS
}

/** Share of a step that the measurement leaves out: adding up, AdamW and checkpoints. */
const OVERHEAD = 1.08

async function stepsIn(minutes: number, opened: Parameters<typeof openHalves>[0]): Promise<number> {
  const halves = openHalves(opened)
  const seconds = await secondsPerStep(halves)
  await halves.close()
  return Math.max(1, Math.floor((minutes * 60) / (seconds * OVERHEAD)))
}

/** Sums since the last point of the curve. */
function createMeter() {
  let steps: StepResult[] = []
  let began = performance.now()
  const mean = (of: (result: StepResult) => number) =>
    steps.reduce((sum, result) => sum + of(result), 0) / steps.length
  return {
    add: (result: StepResult) => steps.push(result),
    /** Means since the last reading. */
    read() {
      const seconds = (performance.now() - began) / 1000
      const point = {
        loss: mean(({ loss }) => loss),
        accuracy: mean(({ accuracy }) => accuracy),
        tokensPerSecond: Math.round((mean(({ tokens }) => tokens) * steps.length) / seconds),
      }
      steps = []
      began = performance.now()
      return point
    },
  }
}

function lineOf(progress: Progress, steps: number): string {
  const { loss, accuracy, tokensPerSecond } = progress.curve.at(-1) ?? {}
  const left = ((steps - progress.step) * progress.seconds) / progress.step / 60
  return [
    `step ${progress.step} of ${steps}`,
    `${(progress.tokens / 1e6).toFixed(2)} M tokens`,
    `${tokensPerSecond}/s`,
    `loss ${loss?.toFixed(3)}`,
    `right ${accuracy?.toFixed(3)}`,
    `${left.toFixed(1)} min left`,
  ].join(', ')
}

interface Training {
  folder: string
  state: SharedState
  recipe: Recipe
  halves: Halves
  log: (line: string) => void
  saveEvery: number
}

/** Trains from `progress` to the end of the recipe, with checkpoints in between. */
async function trainFrom(progress: Progress, training: Training): Promise<void> {
  const { folder, state, recipe, halves, log, saveEvery } = training
  const meter = createMeter()
  const before = progress.seconds
  const began = performance.now()
  let saved = began
  for (let step = progress.step + 1; step <= recipe.steps; step++) {
    const result = await halves.train(step)
    meter.add(result)
    progress.step = step
    progress.tokens += result.tokens
    progress.seconds = before + (performance.now() - began) / 1000
    if (step % LOG_EVERY === 0 || step === recipe.steps) {
      const { tokens } = progress
      progress.curve.push({ step, tokens, rate: rateOf(recipe, step), ...meter.read() })
      log(lineOf(progress, recipe.steps))
      writeJson(path.join(folder, CURVE), progress.curve)
    }
    if (performance.now() - saved < saveEvery * 1000) continue
    await saveProgress(folder, state, progress)
    saved = performance.now()
  }
}

/**
 * Builds the model in `folder`, or goes on with what lies there. The same seed and recipe give the same bytes,
 * interrupted or not; `minutes` is turned into steps once, when the build begins.
 */
export async function build({ folder, seed, recipe, minutes, log, saveEvery }: BuildOptions): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const fingerprint = fingerprintOf(seed, recipe, minutes)
  const begun = stepsOfRun(folder, fingerprint)
  if (begun === null) writeModelFiles(folder, seed, recipe)
  const architecture = readModelConfig(folder)
  const state = allocate(sizeOfAll(weightShapes(architecture)))
  initialise(state, architecture, seed)
  const opened = { seed: seedOf(seed, CORPUS_STREAM), folder, recipe, architecture, state }
  const steps = begun ?? (minutes === null ? recipe.steps : await stepsIn(minutes, opened))
  if (begun === null) writeJson(path.join(folder, RUN), { fingerprint, steps, seed, recipe })
  if (existsSync(path.join(folder, WEIGHTS))) {
    deleteProgress(folder)
    return log('This build is finished.')
  }

  const planned = { ...recipe, steps }
  const halves = openHalves({ ...opened, recipe: planned })
  const progress = loadProgress(folder, state) ?? beginning()
  log(`${state.weights.length} parameters, ${steps} steps, from step ${progress.step + 1}`)
  const training = { folder, state, recipe: planned, halves, log, saveEvery: saveEvery ?? SAVE_EVERY }
  await trainFrom(progress, training)
  await halves.close()
  writeSafetensors(path.join(folder, WEIGHTS), tensorsOf(state, architecture), 'F16')
  deleteProgress(folder)
}
