import type { CatalogModel } from '#lib/providers/schema.ts'
import { bytesFor, longestFitting } from '#lib/training-data/memory.ts'
import type { Needs } from './estimate-schema.ts'
import type { DatasetSummary } from './schema.ts'

/**
 * What training takes of this computer; null for a model of another provider. The engine checks the same with the exact
 * length of the longest row.
 * @param method of the rows
 * @param longest row, in the model's tokens
 */
export function needsOf(
  training: CatalogModel['training'],
  context: number | null,
  method: DatasetSummary['method'],
  longest: number,
): Needs | null {
  if (!training?.needs) return null
  const { disk, free } = training.needs
  const memory = method === 'preference' ? training.needs.preferenceMemory : training.needs.memory
  return {
    memory: bytesFor(memory, Math.min(longest, context ?? Infinity)),
    freeMemory: free.memory,
    disk,
    freeDisk: free.disk,
    longestRow: longestFitting(memory, free.memory),
  }
}
