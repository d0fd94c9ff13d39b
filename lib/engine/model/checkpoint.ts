import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { syncFolder, writeFolderDurably, writeJson, writeText } from '#lib/core/durable-file.ts'
import { GENERATION_CONFIG } from './generation-config.ts'
import { adapterConfig, fromPeft, type Lora, toPeft } from './lora.ts'
import { isWhole, writeManifest } from './manifest.ts'
import { ADAPTER, ADAPTER_CONFIG, type Adapter, BASE_HASH } from './model-folder.ts'
import type { AdamW } from './optimizer.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'
import type { Tensors } from './tensors.ts'
import { CHAT_TEMPLATE } from './tokenizer.ts'

const Rewards = z.object({
  chosen: z.number(),
  rejected: z.number(),
  accuracy: z.number(),
  margin: z.number(),
})

const Metrics = z.object({
  trainLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  trainRewards: Rewards.optional(),
  validLoss: z.number().optional(),
  validAccuracy: z.number().optional(),
  validRewards: Rewards.optional(),
  fullValidLoss: z.number().optional(),
  fullValidAccuracy: z.number().optional(),
  fullValidRewards: Rewards.optional(),
})

const StepRecord = z.object({
  step: z.number().int(),
  metrics: Metrics,
  rows: z.array(z.number().int()),
  losses: z.array(z.number().nullable()).default([]),
  seconds: z.number(),
  learningRate: z.number().nullable().default(null),
  gradNorm: z.number().nullable().default(null),
})

/**
 * `trainer_state.json`. The order of the rows is a pure function of seed and step (see batches.ts), so these two
 * are the complete random state.
 */
const TrainerState = z.object({
  step: z.number().int().nonnegative(),
  seed: z.number().int(),
  updates: z.number().int().nonnegative(),
  baseHash: z.string(),
  /** Fingerprint of the job's order: a checkpoint of a different order is not resumed. */
  order: z.string(),
  /** Steps since the previous checkpoint; reported again after a restart in case the reports were lost. */
  history: z.array(StepRecord),
  /** The step with the lowest full validation loss. */
  best: z.object({ step: z.number().int(), loss: z.number() }).nullable().default(null),
  /** Full validations since the best. */
  worse: z.number().int().nonnegative().default(0),
})
export type TrainerState = z.infer<typeof TrainerState>

export interface Snapshot {
  /** The trained parameters: all weights, or an adapter's factors. */
  parameters: Tensors
  optimizer: AdamW
  state: TrainerState
  /** With an adapter only. */
  lora: Lora | null
}

const STATE = 'trainer_state.json'
const OPTIMIZER = 'optimizer.safetensors'
const copied = ['tokenizer.json', 'tokenizer_config.json']
const copiedWherePresent = [GENERATION_CONFIG, CHAT_TEMPLATE]

/** `checkpoint` is written at the end of an epoch, for users; `resume` lies in between, only for restarts. */
export type CheckpointKind = 'checkpoint' | 'resume'

export const checkpointFolder = (run: string, kind: CheckpointKind, step: number): string =>
  path.join(run, `${kind}-${step}`)

/**
 * Writes a model folder that Hugging Face's libraries can load, with the complete state to resume training exactly.
 * Atomic and durable: the folder appears under its name only when it is complete and on disk.
 * @param base folder of the base model
 */
export async function writeCheckpoint(folder: string, base: string, snapshot: Snapshot): Promise<void> {
  const { parameters, optimizer, state, lora } = snapshot
  const moments: Tensors = new Map([
    ...[...optimizer.m].map(([name, t]) => [`m.${name}`, t] as const),
    ...[...optimizer.v].map(([name, t]) => [`v.${name}`, t] as const),
  ])
  const fill = async (unfinished: string) => {
    const inside = (name: string) => path.join(unfinished, name)
    copyCompanions(base, unfinished)
    const over = { path: path.relative(folder, base), hash: state.baseHash }
    if (lora) writeAdapter(unfinished, { lora, factors: parameters }, over)
    else writeSafetensors(inside('model.safetensors'), parameters)
    writeSafetensors(inside(OPTIMIZER), moments)
    writeJson(inside(STATE), state)
    await writeManifest(unfinished)
  }
  await writeFolderDurably(folder, fill)
}

/** What a model folder has beside its weights, as its base has it, but the type of the weights. */
export function copyCompanions(base: string, to: string, dtype: Dtype = 'float32'): void {
  const present = copiedWherePresent.filter((name) => existsSync(path.join(base, name)))
  for (const name of [...copied, ...present])
    writeText(path.join(to, name), readFileSync(path.join(base, name), 'utf8'))
  writeJson(path.join(to, 'config.json'), withDtype(readJson(path.join(base, 'config.json')), dtype))
}

/** @param over path from the finished folder to its base, and the hash of the base's weights */
export function writeAdapter(
  to: string,
  { lora, factors }: Adapter,
  over: { path: string; hash: string },
): void {
  writeJson(path.join(to, ADAPTER_CONFIG), adapterConfig(lora, over.path))
  writeText(path.join(to, BASE_HASH), over.hash)
  writeSafetensors(path.join(to, ADAPTER), toPeft(factors))
}

type Dtype = 'float32' | 'bfloat16'
/** transformers 5 says `dtype` where 4 says `torch_dtype`. */
const withDtype = (config: Record<string, unknown>, dtype: Dtype) =>
  'dtype' in config ? { ...config, dtype } : { ...config, torch_dtype: dtype }
export const asFloat32 = (config: Record<string, unknown>) => withDtype(config, 'float32')
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

export const readState = (folder: string): TrainerState =>
  TrainerState.parse(readJson(path.join(folder, STATE)))

/** @throws if the folder is incomplete: call `newestCheckpoint` first, which checks it */
export function readCheckpoint(folder: string): Snapshot {
  const state = readState(folder)
  const moments = readSafetensors(path.join(folder, OPTIMIZER))
  const part = (prefix: string): Tensors =>
    new Map(
      [...moments]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, t]) => [name.slice(prefix.length), t]),
    )
  const adapter = path.join(folder, ADAPTER)
  const parameters = existsSync(adapter)
    ? fromPeft(readSafetensors(adapter))
    : readSafetensors(path.join(folder, 'model.safetensors'))
  return {
    parameters,
    optimizer: { updates: state.updates, m: part('m.'), v: part('v.') },
    state,
    lora: null,
  }
}

interface Found {
  folder: string
  kind: CheckpointKind
  step: number
}

/** All checkpoints, newest first; complete or not. */
export function listCheckpoints(run: string): Found[] {
  if (!existsSync(run)) return []
  return readdirSync(run)
    .flatMap((name): Found[] => {
      const [, kind, step] = /^(checkpoint|resume)-(\d+)$/.exec(name) ?? []
      return kind ? [{ folder: path.join(run, name), kind: kind as CheckpointKind, step: Number(step) }] : []
    })
    .sort((a, b) => b.step - a.step)
}

/** The newest complete checkpoint, or null. Skips incomplete and damaged ones. */
export async function newestCheckpoint(run: string): Promise<Found | null> {
  for (const found of listCheckpoints(run)) if (await isWhole(found.folder)) return found
  return null
}

/**
 * Makes the newest checkpoint one for users, if it was written only for restarts.
 * @returns null if there is nothing to do
 */
export async function publishNewest(run: string) {
  const newest = await newestCheckpoint(run)
  if (newest?.kind !== 'resume') return null
  const { step } = newest
  const metrics = readState(newest.folder).history.at(-1)?.metrics
  if (!metrics) return null
  const folder = checkpointFolder(run, 'checkpoint', step)
  renameSync(newest.folder, folder)
  syncFolder(run)
  return { step, folder, metrics }
}

/** Deletes checkpoints after the step from which the job resumes: damaged ones, or those of another order. */
export function discardAfter(run: string, step: number): void {
  for (const found of listCheckpoints(run))
    if (found.step > step) rmSync(found.folder, { recursive: true, force: true })
}

/**
 * Deletes superseded checkpoints and the leftovers of a crash.
 * @param best step of a checkpoint that stays however old it is
 */
export function pruneCheckpoints(run: string, keep: number, best: number | null): void {
  const all = listCheckpoints(run)
  const newest = all[0]
  const surplus = all
    .filter(({ kind }) => kind === 'checkpoint')
    .slice(keep)
    .filter(({ step }) => step !== best)
  const passed = all.filter((found) => found.kind === 'resume' && found !== newest)
  const unfinished = readdirSync(run).filter((name) => /^(checkpoint|resume)-\d+\..*\.tmp$/.test(name))
  for (const { folder } of [...surplus, ...passed]) rmSync(folder, { recursive: true, force: true })
  for (const name of unfinished) rmSync(path.join(run, name), { recursive: true, force: true })
}
