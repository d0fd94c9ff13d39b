/** Checkpoints of a build: complete or absent, so that a build which was killed goes on from the newest. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeFolderDurably, writeText } from '#lib/core/durable-file.ts'
import { readSafetensors, writeSafetensors } from '../model/safetensors.ts'
import { type Tensors, tensor } from '../model/tensors.ts'
import type { SharedState } from './adamw.ts'

const CurvePoint = z.object({
  step: z.number().int(),
  tokens: z.number().int(),
  /** Means over the steps since the point before. */
  loss: z.number(),
  accuracy: z.number(),
  rate: z.number(),
  tokensPerSecond: z.number(),
})

const Progress = z.object({
  /** Steps that were taken. */
  step: z.number().int().nonnegative(),
  tokens: z.number().int().nonnegative(),
  /** Time of training so far, in seconds. */
  seconds: z.number(),
  curve: z.array(CurvePoint),
})
export type Progress = z.infer<typeof Progress>

export const beginning = (): Progress => ({ step: 0, tokens: 0, seconds: 0, curve: [] })

const PROGRESS = 'progress.json'
const STATE = 'state.safetensors'
const parts = ['weights', 'm', 'v'] as const
const NAME = /^checkpoint-(\d+)$/

const stepOf = (name: string): number => Number(NAME.exec(name)?.[1] ?? 0)

/** Names of the complete checkpoints, the newest first. */
const checkpointsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted((a, b) => stepOf(b) - stepOf(a))

const isLeftover = (name: string): boolean => name.startsWith('checkpoint-') && name.endsWith('.tmp')

/** Deletes all but the newest checkpoint, and what a kill has left unfinished. */
function prune(folder: string): void {
  const leftovers = readdirSync(folder).filter(isLeftover)
  for (const name of [...checkpointsIn(folder).slice(1), ...leftovers])
    rmSync(path.join(folder, name), { recursive: true, force: true })
}

/** Durable when it returns. */
export async function saveProgress(folder: string, state: SharedState, progress: Progress): Promise<void> {
  const copies: Tensors = new Map(
    parts.map((part) => [part, { shape: [state[part].length], data: Float32Array.from(state[part]) }]),
  )
  await writeFolderDurably(path.join(folder, `checkpoint-${progress.step}`), async (unfinished) => {
    writeSafetensors(path.join(unfinished, STATE), copies)
    writeText(path.join(unfinished, PROGRESS), JSON.stringify(progress))
  })
  prune(folder)
}

/** Reads the newest checkpoint into `state`; null if there is none. */
export function loadProgress(folder: string, state: SharedState): Progress | null {
  const [newest] = checkpointsIn(folder)
  if (newest === undefined) return null
  const tensors = readSafetensors(path.join(folder, newest, STATE))
  for (const part of parts) state[part].set(tensor(tensors, part).data)
  return Progress.parse(JSON.parse(readFileSync(path.join(folder, newest, PROGRESS), 'utf8')))
}

/** Deletes what only an unfinished build needs. */
export function deleteProgress(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith('checkpoint-')))
    rmSync(path.join(folder, name), { recursive: true, force: true })
}
