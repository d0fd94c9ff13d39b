import { expectSpace } from '#lib/disk/space.ts'
import { trainedCount } from './memory.ts'
import type { Architecture } from './model/architecture.ts'
import type { Method } from './model/defaults.ts'
import { readModelConfig } from './model/model-config.ts'

/** Bytes per trained number: one float32 for the weight and two for the optimizer. */
const BYTES = 3 * 4

/**
 * Maximum number of a job's checkpoints on disk at once: those kept, and the one being written. A job with validation
 * also keeps its best one.
 */
const AT_ONCE = 4

interface Training {
  /** Folder of the base model. */
  base: string
  method: Method
  /** null for automatic epochs. */
  epochs: number | null
  /** Whether there is a validation file. */
  validated: boolean
}

/** Bytes on disk that a job with these epochs takes at most. */
export function bytesOnDisk(a: Architecture, { method, epochs, validated }: Omit<Training, 'base'>): number {
  const most = validated ? AT_ONCE + 1 : AT_ONCE
  return Math.min((epochs ?? most) + 1, most) * BYTES * trainedCount(a, method)
}

/**
 * Rejects a job whose checkpoints would not fit on the disk: it would otherwise fail hours later, at its first one.
 * @throws AppError `disk_full`
 */
export const expectSpaceToTrain = (folder: string, training: Training): Promise<void> =>
  expectSpace(folder, bytesOnDisk(readModelConfig(training.base), training))
