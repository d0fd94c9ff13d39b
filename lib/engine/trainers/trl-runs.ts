/** Run folders of trl jobs, wherever their processes are. */
import path from 'node:path'
import { apiError } from '../api-error.ts'
import { factsOf } from '../base-models.ts'
import type { JobRow } from '../job-wire.ts'
import { readModelConfig } from '../model/model-config.ts'
import { adapterBase, expectSameBase, weightsHash } from '../model/model-folder.ts'
import type { ModelStore } from '../models.ts'
import { bytesOnDisk } from '../space.ts'
import type { Disk } from '../storage.ts'
import type { TrainOrder } from '../worker/protocol.ts'
import { adoptCheckpoint, dropDeleted } from './adopt.ts'
import type { Command, Launcher } from './launcher.ts'
import { followRun, hasEnded, type RunParts, startRun } from './run.ts'
import { isLaid, RUN, type RunFolder, readSpec, runFolder, writePaths, writeRun } from './run-folder.ts'
import { specOf } from './spec.ts'
import type { Training } from './training.ts'

/** Besides the time to write: bytes per ms, and ms. */
const WRITING = 100e3
const KEEP_PATIENCE = 60_000

/** A model's full weights, and the adapter over them. */
function layersOf(folder: string): { full: string; adapter: string | null } {
  const base = adapterBase(folder)
  return base === null ? { full: folder, adapter: null } : { full: base, adapter: folder }
}

/** @throws AppError `invalid` for a model with several adapters over each other */
export function expectFew({ name, folder }: { name: string; folder: string }): void {
  if (adapterBase(layersOf(folder).full) === null) return
  throw apiError(
    'invalid',
    `The trl trainer begins from a model with one adapter at most, and ${name} has several over each other. Start from its base model, or leave limerick.trainer out.`,
    { code: 'model_not_available', param: 'model' },
  )
}

interface Parts {
  disk: Disk
  models: Pick<ModelStore, 'baseOf' | 'find'>
  launcher: Launcher
  /** Of a run that is laid down. */
  command: (job: JobRow, run: RunFolder) => Promise<Command>
  /** Before a run is laid down: makes its folder, where it is not to be the job's own. */
  prepare?: (run: RunFolder, job: JobRow) => void
  /** Puts a model where the processes see it. @param hash of its weights @returns the folder for them */
  place?: (folder: string, hash: string) => Promise<string>
}

/** What a new run gets. */
interface Devices {
  /** GPUs; 0: the processor. */
  devices: number
  bf16: boolean
}

export function trlRuns({ disk, models, launcher, command, prepare, place = async (it) => it }: Parts) {
  const runOf = ({ id }: JobRow): RunFolder => runFolder(path.join(disk.job(id), RUN))

  function partsOf(job: JobRow, from: string): RunParts {
    const run = runOf(job)
    const { tuning, dtype } = readSpec(run)
    const once = { method: tuning, epochs: 1, validated: false }
    let hash: Promise<string> | null = null
    return {
      run,
      launcher,
      seen: job.reports_seen,
      command: () => command(job, run),
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

  /** Folder of the model that a run began from, here: a spec has it as the processes see it. */
  async function sourceOf(job: JobRow): Promise<string> {
    const { base, start_adapter } = readSpec(runOf(job))
    return (await models.find(job.model))?.folder ?? start_adapter?.folder ?? base.folder
  }

  async function modelsOf(job: JobRow, from: string) {
    const { full, adapter } = layersOf(from)
    if (adapter) await expectSameBase(adapter, full)
    const hash = await weightsHash(full)
    return {
      base: {
        folder: await place(path.resolve(full), hash),
        name: models.baseOf(job.model),
        revision: null,
        fingerprint: `sha256:${hash}`,
      },
      start_adapter:
        adapter === null ? null : { folder: await place(path.resolve(adapter), await weightsHash(adapter)) },
    }
  }

  /** @throws AppError `invalid` if the run began on other weights */
  async function layDown(job: JobRow, order: TrainOrder, devicesFor: () => Promise<Devices>): Promise<void> {
    const run = runOf(job)
    const from = await modelsOf(job, order.base)
    if (!isLaid(run)) {
      const around = {
        ...{ job: job.id, ...from, ...(await devicesFor()), quantization: job.quantization },
        context: Math.min(factsOf(order.base).context, order.maxLength ?? Infinity),
      }
      prepare?.(run, job)
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
    runOf,

    /** The training that an earlier engine has begun and whose end is not known yet; null: there is none. */
    async find(job: JobRow): Promise<Training | null> {
      const run = runOf(job)
      if ((await launcher.state(run)) === null) return null
      // One that was lost with the computer is not to blame, unless it had already come to its end.
      if (!launcher.wasCutOff(run) || (await hasEnded(run, job.reports_seen)))
        return followRun(partsOf(job, await sourceOf(job)))
      launcher.forget(run)
      return null
    },

    /**
     * Begins, or goes on from the newest complete checkpoint.
     * @param devicesFor asked for a new run only, and may refuse it
     */
    async start(job: JobRow, order: TrainOrder, devicesFor: () => Promise<Devices>): Promise<Training> {
      await layDown(job, order, devicesFor)
      return startRun(partsOf(job, order.base))
    },
  }
}
