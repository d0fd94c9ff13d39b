import { factsOf, SHIPPED } from '../base-models.ts'
import { automaticMethod } from '../model/defaults.ts'
import type { ModelStore, UsableModel } from '../models.ts'
import type { Disk } from '../storage.ts'
import type { TrainerName, Tuning } from '../tables.ts'
import type { SpeedBook } from '../throughput.ts'
import type { WireTraining } from '../wire.ts'
import { trlProbe } from './python.ts'
import { onlyTrl, onnxTrainer, type Trainer, type Wanted } from './trainer.ts'
import { trainersOnWire } from './trainers-wire.ts'
import { trlTrainer } from './trl.ts'
import type { TrlMeasures } from './trl-measures.ts'

interface Parts {
  disk: Disk
  models: ModelStore
  memoryLimit: number | null
  /** A Python interpreter for trl, or null. */
  python: string | null
  /** Of the processor, for all processes of a training. */
  threads: number
  speeds: SpeedBook
  measures: TrlMeasures
}

/** All that can train here. */
export function createTrainers({ disk, models, memoryLimit, python, threads, speeds, measures }: Parts) {
  const onnx = onnxTrainer(memoryLimit, speeds, models)
  const probe = trlProbe(python)
  const trl = trlTrainer({ disk, models, python, probe, threads, memoryLimit, measures })
  const of: Record<TrainerName, Trainer> = { onnx, trl }

  /** A GPU is faster than the built-in trainer's processor, but for a model that is trained in seconds. */
  const preferred = async ({ model }: Wanted): Promise<Trainer[]> =>
    python !== null && models.baseOf(model.name) !== SHIPPED && (await trl.hasDevice()) ? [trl, onnx] : [onnx]

  return {
    of,
    /**
     * The trainer of a new job: the one that it asks for, or the first that can train it.
     * @throws AppError `invalid` that says why it cannot be trained
     */
    async choose(asked: TrainerName | undefined, wanted: Wanted): Promise<TrainerName> {
      const candidates = asked ? [of[asked]] : await preferred(wanted)
      let refusal: unknown
      for (const trainer of candidates)
        try {
          await trainer.expectAble(wanted)
          return trainer.name
        } catch (thrown) {
          refusal = thrown
        }
      throw refusal
    },

    /** What can train here, at once: what is still being asked says so. @param refresh asks again */
    list: (refresh: boolean) =>
      trainersOnWire({ probe: probe.peek(refresh), memoryLimit, threads, root: disk.root }),

    /**
     * What a trainer takes to train a model here.
     * @param asked absent: the method that a job would use
     * @throws AppError `invalid` if it is not there, or cannot train by that method
     */
    async needs(trainer: TrainerName, model: UsableModel, asked?: Tuning): Promise<WireTraining> {
      if (trainer === 'trl')
        return trl.needs(model, asked ?? automaticMethod(factsOf(model.folder).parameters))
      if (asked === 'qlora') throw onlyTrl('method')
      return models.training(model, asked)
    },
  }
}
export type Trainers = ReturnType<typeof createTrainers>
