/** Hugging Face's TRL: `limerick_trainer` in a run folder of its job. */
import { totalmem } from 'node:os'
import { freeSpace } from '#lib/disk/space.ts'
import { apiError, unsupported } from '../api-error.ts'
import type { JobRow } from '../job-wire.ts'
import { memoryForTraining, SHORTEST } from '../memory.ts'
import type { Architecture } from '../model/architecture.ts'
import type { Objective } from '../model/defaults.ts'
import { readModelConfig } from '../model/model-config.ts'
import { type ModelStore, memoryOnWire, type UsableModel } from '../models.ts'
import { bytesOnDisk } from '../space.ts'
import type { Disk } from '../storage.ts'
import type { Tuning } from '../tables.ts'
import type { WireRun, WireTraining } from '../wire.ts'
import type { TrainOrder } from '../worker/protocol.ts'
import type { Device, TrainerFacts } from './contract.ts'
import { type Launcher, localLauncher } from './launcher.ts'
import { type TrlProbe, trlCommand } from './python.ts'
import { type RunFolder, readSpec } from './run-folder.ts'
import type { Trainer, Wanted } from './trainer.ts'
import type { Measured, TrlMeasures } from './trl-measures.ts'
import { expectMemoryForTrl, type Place, trlMemory } from './trl-memory.ts'
import { expectFew, trlRuns } from './trl-runs.ts'

/** Bytes that others may hold of a GPU that nobody works with. */
export const IDLE = 1e9

/** Bytes that others hold of it. */
export const taken = ({ memory, free }: Device): number => memory - (free ?? memory)

/** The emptiest first. */
export const devicesOf = ({ devices }: TrainerFacts): Device[] =>
  devices.toSorted((one, other) => taken(one) - taken(other))

/**
 * How many of them a job gets: those that nobody works with, and if there is none, the emptiest.
 * @param asked by the job
 */
export function deviceCount(
  { devices }: TrainerFacts,
  batchSize: number,
  asked: number | null = null,
): number {
  const idle = devices.filter((device) => taken(device) < IDLE).length
  return Math.min(devices.length, asked ?? Math.max(idle, 1), batchSize)
}

/** Most rows of a step. */
const MOST_ROWS = 256

/** Methods that take less memory, the nearest one first. */
const SMALLER: Record<Tuning, Tuning[]> = { full: ['lora', 'qlora'], lora: ['qlora'], qlora: [] }

/** What the memory of a training depends on, besides its model. */
interface Asked {
  method: Tuning
  objective: Objective
  batchSize: number
  /** Of the longest row. */
  tokens: number
}

interface Parts {
  disk: Disk
  models: ModelStore
  python: () => string | null
  /** Of the processor, for all processes of a training. */
  threads: number
  probe: TrlProbe
  /** In bytes, of the processor's; null for all that is free. */
  memoryLimit: number | null
  measures: TrlMeasures
  /** Makes others give up their GPU. */
  release: () => Promise<void>
  launcher?: Launcher
}

export interface TrlTrainer extends Trainer {
  /** Whether there is a GPU for it. */
  hasDevice: () => Promise<boolean>
  /** @throws AppError `invalid` if it is not there, or cannot train by that method */
  needs: (model: UsableModel, method: Tuning) => Promise<WireTraining>
}

/** The weights that trl freezes may be smaller than those that the engine reads. */
const tuningOf = ({ method, quantization }: Pick<Wanted, 'method' | 'quantization'>): Tuning =>
  quantization === null ? method : 'qlora'

/** Where a job of so many rows a step trains. @param all once nobody works with any GPU */
function placeOf(facts: TrainerFacts, batchSize: number, all: boolean): Place {
  const gpus = all ? Math.min(facts.devices.length, batchSize) : deviceCount(facts, batchSize)
  return { device: devicesOf(facts)[0]?.name ?? 'CPU', gpus, bf16: facts.bf16 }
}

/** Bytes on each device: those that are free, or all that it has. */
function bytesAt(facts: TrainerFacts, { gpus }: Place, limit: number | null, all: boolean): number {
  const devices = devicesOf(facts).slice(0, gpus)
  if (devices.length > 0)
    return Math.min(...devices.map(({ memory, free }) => (all ? memory : (free ?? memory))))
  return all ? Math.min(totalmem(), limit ?? Infinity) : memoryForTraining(limit)
}

/** Why trl cannot freeze weights of 4 bits here; null: it can. */
export function noQuantization({ devices, quantization }: TrainerFacts): 'no_gpu' | 'no_bitsandbytes' | null {
  if (devices.length === 0) return 'no_gpu'
  return quantization.includes('nf4') ? null : 'no_bitsandbytes'
}

const WITHOUT = {
  no_gpu: 'Weights of 4 bits (QLoRA) need an NVIDIA GPU: train by "lora".',
  no_bitsandbytes:
    'Weights of 4 bits (QLoRA) need the package bitsandbytes in the environment of LIMERICK_PYTHON: install it, or train by "lora".',
}

/** @throws AppError `invalid` that says what is missing */
function expectQuantization(facts: TrainerFacts, param: string): void {
  const missing = noQuantization(facts)
  if (missing !== null) throw unsupported(param, WITHOUT[missing])
}

export function trlTrainer({
  disk,
  models,
  python,
  probe,
  threads,
  memoryLimit,
  measures,
  release,
  launcher = localLauncher(),
}: Parts): TrlTrainer {
  /** @throws AppError `invalid` that says what is missing */
  async function ready(refresh = false): Promise<{ python: string; facts: TrainerFacts }> {
    const [found, program] = [await probe.ask(refresh), python()]
    if (program !== null && 'facts' in found) return { python: program, facts: found.facts }
    const problem = 'problem' in found ? found.problem : ''
    throw apiError('invalid', `This job asks for the trl trainer; ${problem}.`, {
      code: 'trainer_not_available',
      param: 'limerick.trainer',
    })
  }

  async function command(job: JobRow, run: RunFolder) {
    const { python, facts } = await ready()
    const devices = devicesOf(facts).slice(0, readSpec(run).devices.length)
    const { memoryFactor } = await measures.of(measuredOn(job, devices[0]?.name ?? 'CPU'))
    const each = Math.ceil(threads / Math.max(1, devices.length))
    return trlCommand(python, run, { devices, threads: each, memoryFactor })
  }

  const runs = trlRuns({ disk, models, launcher, command })

  /** What jobs of such a model have taught, and what the alternatives would take. */
  async function fitOf(base: string, a: Architecture, asked: Asked, facts: TrainerFacts, all = false) {
    const { tokens, objective } = asked
    const place = placeOf(facts, asked.batchSize, all)
    const free = bytesAt(facts, place, memoryLimit, all)
    const memoryBy = async (method: Tuning) => {
      const { memoryFactor: factor } = await measures.of({ base, method, objective, device: place.device })
      return trlMemory(a, { method, objective }, place, { free, tokens, factor })
    }
    const others = SMALLER[asked.method].filter((one) => one !== 'qlora' || noQuantization(facts) === null)
    const methods = await Promise.all(
      others.map(async (method) => ({ method, memory: await memoryBy(method) })),
    )
    return { methods, memory: await memoryBy(asked.method), place, tokens, least: SHORTEST, free }
  }

  async function expectFits(job: JobRow, order: TrainOrder, facts: TrainerFacts): Promise<void> {
    const a = readModelConfig(order.base)
    const tokens = Math.min(job.longest_row ?? SHORTEST, order.maxLength ?? Infinity, a.context)
    const asked = { method: tuningOf(job), objective: job.objective, batchSize: order.batchSize, tokens }
    expectMemoryForTrl(await fitOf(models.baseOf(job.model), a, asked, facts))
  }

  const measuredOn = (job: JobRow, device: string): Measured => ({
    base: models.baseOf(job.model),
    method: tuningOf(job),
    objective: job.objective,
    device,
  })

  /** Of a job that trains; null: its process has not said on which GPU, and those that are free now are others. */
  function measuredOf(job: JobRow): Measured | null {
    const { devices }: WireRun = JSON.parse(job.run_json ?? '{}')
    const device = readSpec(runs.runOf(job)).devices.length > 0 ? devices?.[0]?.name : 'CPU'
    return device === undefined ? null : measuredOn(job, device)
  }

  /** @throws AppError `invalid` if it does not fit into them */
  async function devicesFor(job: JobRow, order: TrainOrder) {
    const { facts } = await ready()
    await expectFits(job, order, facts)
    const devices = deviceCount(facts, order.batchSize, job.devices)
    return { devices, bf16: facts.bf16 && devices > 0 }
  }

  return {
    name: 'trl',
    hasDevice: async () => {
      const found = await probe.ask()
      return 'facts' in found && found.facts.devices.length > 0
    },

    async expectAble(wanted) {
      const { facts } = await ready()
      if (wanted.quantization !== null) expectQuantization(facts, 'limerick.method')
      const { model, objective } = wanted
      expectFew(model)
      const asked = { method: tuningOf(wanted), objective, batchSize: MOST_ROWS, tokens: SHORTEST }
      // What other programs and jobs hold now may be free when its turn comes.
      const a = readModelConfig(model.folder)
      expectMemoryForTrl(await fitOf(models.baseOf(model.name), a, asked, facts, true))
    },

    find: runs.find,

    async start(job, order) {
      await release()
      await ready(true)
      return runs.start(job, order, () => devicesFor(job, order))
    },

    async noteSpeed(job, tokensPerSecond) {
      const of = measuredOf(job)
      if (of) await measures.noteSpeed(of, tokensPerSecond)
    },

    async noteMemory(job, { measured, estimate }) {
      const of = measuredOf(job)
      if (of && measured && estimate) await measures.noteMemory(of, measured, estimate)
    },

    async needs({ name, folder }, method) {
      const { facts } = await ready()
      if (method === 'qlora') expectQuantization(facts, 'method')
      const a = readModelConfig(folder)
      const base = models.baseOf(name)
      const needed = (objective: Objective) =>
        fitOf(base, a, { method, objective, batchSize: MOST_ROWS, tokens: SHORTEST }, facts)
      const [answers, pairs] = [await needed('supervised'), await needed('dpo')]
      const { device } = answers.place
      const lessons = await measures.of({ base, method, objective: 'supervised', device })
      const trained = method === 'full' ? 'full' : 'lora'
      return {
        ...{ method, device },
        tokens_per_second: lessons.tokensPerSecond,
        measured_at: lessons.measuredAt,
        memory: memoryOnWire(answers.memory),
        preference_memory: memoryOnWire(pairs.memory),
        disk: bytesOnDisk(a, { method: trained, epochs: null, validated: true }),
        free: { memory: answers.free, disk: await freeSpace(disk.root) },
      }
    },
  }
}
