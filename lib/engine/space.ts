import { expectSpace } from '#lib/disk/space.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
import { automaticLora, type Method } from './model/defaults.ts'
import { loraShapes, projections } from './model/lora.ts'
import { readModelConfig } from './model/model-config.ts'
import { elements } from './model/tensors.ts'

/** Bytes per trained number: one float32 for the weight and two for the optimizer. */
const BYTES = 3 * 4

/** Maximum number of a job's checkpoints on disk at once: those kept, and the one being written. */
const AT_ONCE = 4

const adapterCount = (architecture: Architecture): number =>
  loraShapes(architecture, { ...automaticLora, targets: projections }).reduce(
    (sum, [, shape]) => sum + elements(shape),
    0,
  )

interface Training {
  /** Folder of the base model. */
  base: string
  method: Method
  /** null for automatic epochs. */
  epochs: number | null
}

function checkpointBytes({ base, method }: Training): number {
  const architecture = readModelConfig(base)
  return BYTES * (method === 'lora' ? adapterCount(architecture) : parameterCount(architecture))
}

/**
 * Rejects a job whose checkpoints would not fit on the disk: it would otherwise fail hours later, at its first one.
 * @throws AppError `disk_full`
 */
export const expectSpaceToTrain = (folder: string, training: Training): Promise<void> =>
  expectSpace(folder, Math.min((training.epochs ?? AT_ONCE) + 1, AT_ONCE) * checkpointBytes(training))
