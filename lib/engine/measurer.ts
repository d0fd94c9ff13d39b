import { apiError } from './api-error.ts'
import { factsOf } from './base-models.ts'
import { OUT_OF_MEMORY } from './memory.ts'
import { automaticMethod } from './model/defaults.ts'
import type { ModelStore } from './models.ts'
import type { SpeedBook } from './throughput.ts'
import type { WireSpeed } from './wire.ts'
import type { TrainerReport, TrainerRequest } from './worker/protocol.ts'
import { startWorker, withoutPaths } from './worker-process.ts'

interface Parts {
  models: ModelStore
  speeds: SpeedBook
  /** A measurement beside a training would slow both, and be wrong. */
  isTraining: () => boolean
  threads: number
  memoryLimit: number | null
}

/** Measures how fast this computer trains a base model, for models that no job has trained yet. */
export function createMeasurer({ models, speeds, isTraining, threads, memoryLimit }: Parts) {
  const running = new Map<string, Promise<WireSpeed>>()

  async function measured(base: string, folder: string): Promise<WireSpeed> {
    const { parameters } = factsOf(folder)
    const method = automaticMethod(parameters)
    const worker = await startWorker<TrainerRequest, TrainerReport>('train')
    worker.send({ kind: 'measure', base: folder, method, threads, memoryLimit })
    try {
      for await (const report of worker.reports) {
        if (report.kind === 'measured') {
          await speeds.note(base, method, report.tokensPerSecond)
          return await speeds.of(base, parameters)
        }
        if (report.kind === 'failed')
          throw apiError('invalid', withoutPaths(report.message), {
            code: report.code === OUT_OF_MEMORY ? OUT_OF_MEMORY : 'model_unusable',
            param: 'model',
          })
      }
    } finally {
      worker.kill()
    }
    throw apiError('unavailable', `The measurement ended unexpectedly: ${await worker.ended}`)
  }

  return {
    /**
     * One training step. Calls for one model at the same time share it.
     * @throws AppError `conflict` while a job trains; `invalid` if it does not fit into memory
     */
    async measure(name: string): Promise<WireSpeed> {
      const model = await models.get(name)
      const base = await models.get(models.baseOf(model.name))
      const known = running.get(base.name)
      if (known) return known
      if (running.size > 0 || isTraining())
        throw apiError(
          'conflict',
          'A job is training, or another model is being measured: ask again when that has ended.',
          {
            code: 'training',
          },
        )
      const found = measured(base.name, base.folder).finally(() => running.delete(base.name))
      running.set(base.name, found)
      return found
    },
  }
}
export type Measurer = ReturnType<typeof createMeasurer>
