import { rmSync } from 'node:fs'
import { blobPath } from '../blobs.ts'
import type { Context } from './context.ts'
import { isUsed } from './purge-store.ts'

/** Blobs that tasks no longer need, and the datasets of these tasks. */
const spare = new Set<string>()
const ended = new Set<string>()
let running = 0

function deleteUnused({ db }: Pick<Context, 'db'>): void {
  for (const blob of spare) if (!isUsed(db, blob, [...ended])) rmSync(blobPath(blob), { force: true })
  spare.clear()
  ended.clear()
}

/** How a task reports the blobs that it was given or has written. */
export interface Blobs {
  /** Rows will refer to it: delete it only if the task fails. */
  use: (blob: string) => void
  /** Delete it in any case. */
  drop: (blob: string) => void
}

/**
 * Runs a task that stores blobs. Deletes unneeded blobs once no such task is running and no row refers to them: another
 * task may have stored the same bytes, which are one file.
 */
export async function withBlobs<Result>(
  context: Pick<Context, 'db'>,
  datasetId: string,
  work: (blobs: Blobs) => Promise<Result>,
): Promise<Result> {
  const used: string[] = []
  running++
  try {
    return await work({ use: (blob) => void used.push(blob), drop: (blob) => void spare.add(blob) })
  } catch (thrown) {
    for (const blob of used) spare.add(blob)
    throw thrown
  } finally {
    ended.add(datasetId)
    if (--running === 0) deleteUnused(context)
  }
}
