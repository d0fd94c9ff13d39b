import { SHIPPED } from '../base-models.ts'
import type { ModelStore } from '../models.ts'
import type { Disk } from '../storage.ts'
import type { TrainerName } from '../tables.ts'
import { trlProbe } from './python.ts'
import { onnxTrainer, type Trainer, type Wanted } from './trainer.ts'
import { trlTrainer } from './trl.ts'

interface Parts {
  disk: Disk
  models: ModelStore
  memoryLimit: number | null
  /** A Python interpreter for trl, or null. */
  python: string | null
  /** Of the processor, for all processes of a training. */
  threads: number
}

/** All that can train here. */
export function createTrainers({ disk, models, memoryLimit, python, threads }: Parts) {
  const onnx = onnxTrainer(memoryLimit)
  const trl = trlTrainer({ disk, models, python, probe: trlProbe(python), threads })
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
  }
}
export type Trainers = ReturnType<typeof createTrainers>
