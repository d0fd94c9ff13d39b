import { expectSpace } from '#lib/disk/space.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
import { automaticLora, type Method } from './model/defaults.ts'
import { loraShapes, projections } from './model/lora.ts'
import { readModelConfig } from './model/model-config.ts'
import { elements } from './model/tensors.ts'

/** Of a float32, and of the optimizer's two for each number that is trained. */
const BYTES = 3 * 4

/** Checkpoints of a job that are on the disk at once: those that stay, and the one being written. */
const AT_ONCE = 4

const adapterCount = (architecture: Architecture): number =>
  loraShapes(architecture, { ...automaticLora, targets: projections }).reduce(
    (sum, [, shape]) => sum + elements(shape),
    0,
  )

interface Training {
  /** Folder of the model that it starts from. */
  base: string
  method: Method
  /** null while they are automatic. */
  epochs: number | null
}

function checkpointBytes({ base, method }: Training): number {
  const architecture = readModelConfig(base)
  return BYTES * (method === 'lora' ? adapterCount(architecture) : parameterCount(architecture))
}

/**
 * Refuses a training whose checkpoints would not fit: it would fail hours later, at its first one.
 * @throws AppError disk_full
 */
export const expectSpaceToTrain = (folder: string, training: Training): Promise<void> =>
  expectSpace(folder, Math.min((training.epochs ?? AT_ONCE) + 1, AT_ONCE) * checkpointBytes(training))
