/** Hugging Face's TRL: `limerick_trainer` in a run folder of its job. */
import path from 'node:path'
import { apiError, unsupported } from '../api-error.ts'
import { factsOf } from '../base-models.ts'
import type { JobRow } from '../job-wire.ts'
import { readModelConfig } from '../model/model-config.ts'
import { adapterBase, expectSameBase, weightsHash } from '../model/model-folder.ts'
import type { ModelStore } from '../models.ts'
import { bytesOnDisk } from '../space.ts'
import type { Disk } from '../storage.ts'
import type { TrainOrder } from '../worker/protocol.ts'
import { adoptCheckpoint, dropDeleted } from './adopt.ts'
import type { Device, TrainerFacts } from './contract.ts'
import { type Launcher, localLauncher } from './launcher.ts'
import { trlCommand, type trlProbe } from './python.ts'
import { followRun, hasEnded, type RunParts, startRun } from './run.ts'
import { isLaid, RUN, type RunFolder, readSpec, runFolder, writePaths, writeRun } from './run-folder.ts'
import { specOf } from './spec.ts'
import type { Trainer, Wanted } from './trainer.ts'

/** Bytes that others may hold of a GPU that nobody works with. */
const IDLE = 1e9

/** Besides the time to write: bytes per ms, and ms. */
const WRITING = 100e3
const KEEP_PATIENCE = 60_000

/** Bytes that others hold of it. */
const taken = ({ memory, free }: Device): number => memory - (free ?? memory)

/** The emptiest first. */
export const devicesOf = ({ devices }: TrainerFacts): Device[] =>
  devices.toSorted((one, other) => taken(one) - taken(other))

/** How many of them a job gets: those that nobody works with, and if there is none, the emptiest. */
export function deviceCount({ devices }: TrainerFacts, batchSize: number): number {
  const idle = devices.filter((device) => taken(device) < IDLE).length
  return Math.min(devices.length, Math.max(idle, 1), batchSize)
}

interface Parts {
  disk: Disk
  models: ModelStore
  python: string | null
  /** Of the processor, for all processes of a training. */
  threads: number
  probe: ReturnType<typeof trlProbe>
  launcher?: Launcher
}

export interface TrlTrainer extends Trainer {
  /** Whether there is a GPU for it. */
  hasDevice: () => Promise<boolean>
}

/** A model's full weights, and the adapter over them. */
function layersOf(folder: string): { full: string; adapter: string | null } {
  const base = adapterBase(folder)
  return base === null ? { full: folder, adapter: null } : { full: base, adapter: folder }
}

function expectFew({ model: { name, folder } }: Wanted): void {
  if (adapterBase(layersOf(folder).full) === null) return
  throw apiError(
    'invalid',
    `The trl trainer begins from a model with one adapter at most, and ${name} has several over each other. Start from its base model, or leave limerick.trainer out.`,
    { code: 'model_not_available', param: 'model' },
  )
}

export function trlTrainer({
  disk,
  models,
  python,
  probe,
  threads,
  launcher = localLauncher(),
}: Parts): TrlTrainer {
  /** @throws AppError `invalid` that says what is missing */
  async function ready(anew = false): Promise<{ python: string; facts: TrainerFacts }> {
    const found = await probe(anew)
    if (python !== null && 'facts' in found) return { python, facts: found.facts }
    const problem = 'problem' in found ? found.problem : ''
    throw apiError('invalid', `This job asks for the trl trainer; ${problem}.`, {
      code: 'trainer_not_available',
      param: 'limerick.trainer',
    })
  }

  const runOf = ({ id }: JobRow): RunFolder => runFolder(path.join(disk.job(id), RUN))

  async function command(run: RunFolder) {
    const { python, facts } = await ready()
    const devices = devicesOf(facts).slice(0, readSpec(run).devices.length)
    return trlCommand(python, run, { devices, threads: Math.ceil(threads / Math.max(1, devices.length)) })
  }

  function partsOf(job: JobRow): RunParts {
    const run = runOf(job)
    const { base, start_adapter, tuning, dtype } = readSpec(run)
    const from = start_adapter?.folder ?? base.folder
    const once = { method: tuning, epochs: 1, validated: false }
    let hash: Promise<string> | null = null
    return {
      run,
      launcher,
      seen: job.reports_seen,
      command: () => command(run),
      keepPatience: KEEP_PATIENCE + bytesOnDisk(readModelConfig(from), once) / WRITING,
      async adopt(checkpoint, step) {
        hash ??= weightsHash(from)
        const to = path.join(disk.job(job.id), `checkpoint-${step}`)
        await adoptCheckpoint({ from: checkpoint, to, base: from, baseHash: await hash, dtype })
        dropDeleted(run.root, disk.job(job.id))
        return to
      },
    }
  }

  async function modelsOf(job: JobRow, order: TrainOrder) {
    const { full, adapter } = layersOf(order.base)
    if (adapter) await expectSameBase(adapter, full)
    return {
      base: {
        folder: path.resolve(full),
        name: models.baseOf(job.model),
        revision: null,
        fingerprint: `sha256:${await weightsHash(full)}`,
      },
      start_adapter: adapter === null ? null : { folder: path.resolve(adapter) },
    }
  }

  /** @throws AppError `invalid` if the run began on other weights */
  async function layDown(job: JobRow, order: TrainOrder): Promise<void> {
    const { facts } = await ready(true)
    const run = runOf(job)
    const from = await modelsOf(job, order)
    if (!isLaid(run)) {
      const devices = deviceCount(facts, order.batchSize)
      const bf16 = facts.bf16 && devices > 0
      const around = { job: job.id, ...from, context: factsOf(order.base).context, devices, bf16 }
      return writeRun(run, specOf(order, around), order)
    }
    if (readSpec(run).base.fingerprint !== from.base.fingerprint)
      throw apiError(
        'invalid',
        `The base model ${from.base.name} has been replaced since this job began to train. Create the job again.`,
        { code: 'model_changed', param: 'model' },
      )
    writePaths(run, from)
  }

  return {
    name: 'trl',
    hasDevice: async () => {
      const found = await probe()
      return 'facts' in found && found.facts.devices.length > 0
    },

    async expectAble(wanted) {
      await ready()
      if (wanted.patience !== null)
        throw unsupported(
          'limerick.early_stopping',
          'The trl trainer trains to its end: leave it out, or train with limerick.trainer "onnx".',
        )
      expectFew(wanted)
    },

    async find(job) {
      const run = runOf(job)
      if (launcher.state(run) === null) return null
      // One that was lost with the computer is not to blame, unless it had already come to its end.
      if (!launcher.wasCutOff(run) || (await hasEnded(run, job.reports_seen))) return followRun(partsOf(job))
      launcher.forget(run)
      return null
    },

    async start(job, order) {
      await layDown(job, order)
      return startRun(partsOf(job))
    },
  }
}
