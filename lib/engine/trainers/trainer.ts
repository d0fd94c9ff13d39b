/** The trainers as the engine knows them: each starts trainings, or finds those that outlived an engine. */
import { unsupported } from '../api-error.ts'
import type { JobRow } from '../job-wire.ts'
import { expectMemoryForModel } from '../memory.ts'
import type { Method, Objective } from '../model/defaults.ts'
import { readModelConfig } from '../model/model-config.ts'
import type { ModelStore, UsableModel } from '../models.ts'
import type { TrainerName } from '../tables.ts'
import type { SpeedBook } from '../throughput.ts'
import type { TrainerReport, TrainerRequest, TrainOrder } from '../worker/protocol.ts'
import { startWorker } from '../worker-process.ts'
import type { Training, TrainingReport } from './training.ts'

type MemoryReport = Extract<TrainingReport, { kind: 'memory' }>

/** What a job asks of its trainer. */
export interface Wanted {
  model: UsableModel
  method: Method
  /** Of the frozen weights. */
  quantization: 'nf4' | null
  objective: Objective
}

export interface Trainer {
  readonly name: TrainerName
  /** @throws AppError `invalid` that says why it cannot train such a job here */
  expectAble: (wanted: Wanted) => Promise<void>
  /** The training that an earlier engine has begun and whose end is not known yet; null: there is none. */
  find: (job: JobRow) => Promise<Training | null>
  /** Begins, or goes on from the newest complete checkpoint. */
  start: (job: JobRow, order: TrainOrder) => Promise<Training>
  /** Keeps how fast a job trains, for the estimates of later ones. @param job with what its trainer has told of itself */
  noteSpeed: (job: JobRow, tokensPerSecond: number) => Promise<void>
  /** Keeps how much of its memory a job takes. @param job with what its trainer has told of itself */
  noteMemory: (job: JobRow, report: MemoryReport) => Promise<void>
}

/** ms that the built-in trainer may take to save its step. */
const KEEP_PATIENCE = 60_000

/** @param param that names the method */
export const onlyTrl = (param: string) =>
  unsupported(param, 'Only the trl trainer trains over weights of 4 bits, on an NVIDIA GPU: use "lora".')

/** The built-in trainer: a worker of the engine, which ends with it and goes on from the same bits. */
export const onnxTrainer = (
  memoryLimit: number | null,
  speeds: SpeedBook,
  models: Pick<ModelStore, 'baseOf'>,
): Trainer => ({
  name: 'onnx',
  async expectAble({ model, method, quantization, objective }) {
    if (quantization !== null) throw onlyTrl('limerick.method')
    expectMemoryForModel(readModelConfig(model.folder), { method, objective }, memoryLimit)
  },
  find: async () => null,
  async start(_, order) {
    const { send, reports, ended, kill } = await startWorker<
      TrainerRequest,
      Exclude<TrainerReport, { kind: 'measured' }>
    >('train')
    send(order)
    const stop: Training['stop'] = ({ keep }) => send({ kind: 'stop', keep })
    return { reports, ended: () => ended, stop, keepPatience: KEEP_PATIENCE, kill, leave: kill }
  },
  async noteSpeed({ model, method, objective }, tokensPerSecond) {
    // The figure is that of answers, where each sequence is read once a step.
    if (objective === 'supervised') await speeds.note(models.baseOf(model), method, tokensPerSecond)
  },
  noteMemory: async () => undefined,
})
