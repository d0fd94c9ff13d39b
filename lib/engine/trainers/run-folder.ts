/** The run folder of `limerick.run/1`: what is in it, and what the engine writes there. */
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { sha256, writeJson } from '#lib/core/durable-file.ts'
import { keepCopy } from '../storage.ts'
import { Complete, type RunSpec } from './contract.ts'

/** Its name in the folder of a job. */
export const RUN = 'run'

export interface RunFolder {
  root: string
  spec: string
  training: string
  validation: string
  /** Written by the trainer alone. */
  events: string
  /** What the trainer's libraries print. */
  log: string
  stop: string
  process: string
}

export const runFolder = (root: string): RunFolder => ({
  root,
  spec: path.join(root, 'spec.json'),
  training: path.join(root, 'train.jsonl'),
  validation: path.join(root, 'valid.jsonl'),
  events: path.join(root, 'events.jsonl'),
  log: path.join(root, 'stdout.log'),
  stop: path.join(root, 'stop.json'),
  process: path.join(root, 'pid.json'),
})

/**
 * Lays down a run: its rows, then the spec, so that a folder with a spec is whole.
 * @param files paths of validated JSONL
 */
export async function writeRun(
  run: RunFolder,
  spec: RunSpec,
  files: { training: string; validation: string | null },
): Promise<void> {
  mkdirSync(run.root, { recursive: true, mode: 0o700 })
  for (const left of [run.training, run.validation]) rmSync(left, { force: true })
  await keepCopy(files.training, run.training)
  if (files.validation) await keepCopy(files.validation, run.validation)
  writeJson(run.spec, spec)
}

export const isLaid = (run: RunFolder): boolean => existsSync(run.spec)

export const readSpec = (run: RunFolder): RunSpec => JSON.parse(readFileSync(run.spec, 'utf8'))

type Paths = Pick<RunSpec, 'base' | 'start_adapter'>

/** Before a run goes on: its models may lie elsewhere now. Nothing else of a spec ever changes. */
export function writePaths(run: RunFolder, { base, start_adapter }: Paths): void {
  const spec = readSpec(run)
  const moved = { ...spec, base: { ...spec.base, folder: base.folder }, start_adapter }
  if (JSON.stringify(moved) !== JSON.stringify(spec)) writeJson(run.spec, moved)
}

/** The trainer looks for this once a step. @param keep saves the step first */
export const askToStop = (run: RunFolder, keep: boolean): void => writeJson(run.stop, { keep })

/** Before a run goes on that had been stopped. */
export const forgetStop = (run: RunFolder): void => rmSync(run.stop, { force: true })

/** Which process works on the run; it is not taken for a later one that got its id. */
const Claim = z.object({
  pid: z.number().int().positive(),
  /** As `processInfo` says it. */
  started: z.string(),
  /** Of the system's start: ids and times are not unique beyond it. */
  boot: z.string(),
})
export type Claim = z.infer<typeof Claim>

export const claim = (run: RunFolder, by: Claim): void => writeJson(run.process, by)

/** The process has ended, and what it said last is known. */
export const forgetClaim = (run: RunFolder): void => rmSync(run.process, { force: true })

/** @returns null if no process has been started since the last one's end */
export function readClaim(run: RunFolder): Claim | null {
  try {
    return Claim.parse(JSON.parse(readFileSync(run.process, 'utf8')))
  } catch {
    return null
  }
}

/** When a process was put to work, in ms since 1970. */
export const claimedAt = (run: RunFolder): number =>
  statSync(run.process, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** In a job's folder: what its trainer's libraries printed. */
export const LOG = 'trainer.log'

/** When a job has ended: keeps what its trainer's libraries printed, and deletes what lies on a cluster. */
export async function leaveRun(job: string): Promise<void> {
  const { root, log } = runFolder(path.join(job, RUN))
  if (existsSync(log)) await copyFile(log, path.join(job, LOG))
  if (lstatSync(root, { throwIfNoEntry: false })?.isSymbolicLink())
    await rm(readlinkSync(root), { recursive: true, force: true, maxRetries: 3 })
}

const COMPLETE = 'COMPLETE'

function readComplete(folder: string): z.infer<typeof Complete> | null {
  try {
    return Complete.parse(JSON.parse(readFileSync(path.join(folder, COMPLETE), 'utf8')))
  } catch {
    return null
  }
}

/** Only files of the folder itself: a name must not lead out of it. */
const isInside = (name: string): boolean => !path.isAbsolute(name) && !name.split('/').includes('..')

/** Whether a checkpoint has the files, unchanged, that its COMPLETE names. A folder without one is not finished. */
export async function isComplete(folder: string): Promise<boolean> {
  const complete = readComplete(folder)
  if (complete === null) return false
  for (const [name, { bytes, sha256: expected }] of Object.entries(complete.files)) {
    const file = path.join(folder, name)
    if (!isInside(name) || statSync(file, { throwIfNoEntry: false })?.size !== bytes) return false
    if ((await sha256(file).catch(() => null)) !== expected) return false
  }
  return true
}
