/** The trainers as the engine knows them: each starts trainings, or finds those that outlived an engine. */
import type { JobRow } from '../job-wire.ts'
import { expectMemoryForModel } from '../memory.ts'
import type { Method, Objective } from '../model/defaults.ts'
import { readModelConfig } from '../model/model-config.ts'
import type { UsableModel } from '../models.ts'
import type { TrainerName } from '../tables.ts'
import type { TrainerReport, TrainerRequest, TrainOrder } from '../worker/protocol.ts'
import { startWorker } from '../worker-process.ts'
import type { Training } from './training.ts'

/** What a job asks of its trainer. */
export interface Wanted {
  model: UsableModel
  method: Method
  objective: Objective
  /** Of early stopping. */
  patience: number | null
}

export interface Trainer {
  readonly name: TrainerName
  /** @throws AppError `invalid` that says why it cannot train such a job here */
  expectAble: (wanted: Wanted) => Promise<void>
  /** The training that an earlier engine has begun and whose end is not known yet; null: there is none. */
  find: (job: JobRow) => Promise<Training | null>
  /** Begins, or goes on from the newest complete checkpoint. */
  start: (job: JobRow, order: TrainOrder) => Promise<Training>
}

/** ms that the built-in trainer may take to save its step. */
const KEEP_PATIENCE = 60_000

/** The built-in trainer: a worker of the engine, which ends with it and goes on from the same bits. */
export const onnxTrainer = (memoryLimit: number | null): Trainer => ({
  name: 'onnx',
  expectAble: async ({ model, method, objective }) =>
    expectMemoryForModel(readModelConfig(model.folder), { method, objective }, memoryLimit),
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
})
