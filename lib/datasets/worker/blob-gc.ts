import { rmSync } from 'node:fs'
import { blobPath } from '../blobs.ts'
import type { Context } from './context.ts'
import { isUsed } from './purge-store.ts'

/** Blobs that tasks have no use for, and the datasets that those were for. */
const spare = new Set<string>()
const ended = new Set<string>()
let atWork = 0

function takeAway({ db }: Pick<Context, 'db'>): void {
  for (const blob of spare) if (!isUsed(db, blob, [...ended])) rmSync(blobPath(blob), { force: true })
  spare.clear()
  ended.clear()
}

/** What a task says of the bytes that it was given or has written. */
export interface Blobs {
  /** Rows will stand in them: they go when the task fails. */
  use: (blob: string) => void
  /** They go in any case. */
  drop: (blob: string) => void
}

/**
 * Runs a task that brings in bytes. What it leaves over goes when no such task is under way any more and no row
 * stands in it: another one may just have kept the same bytes, which are one file.
 */
export async function withBlobs<Result>(
  context: Pick<Context, 'db'>,
  datasetId: string,
  work: (blobs: Blobs) => Promise<Result>,
): Promise<Result> {
  const used: string[] = []
  atWork++
  try {
    return await work({ use: (blob) => void used.push(blob), drop: (blob) => void spare.add(blob) })
  } catch (thrown) {
    for (const blob of used) spare.add(blob)
    throw thrown
  } finally {
    ended.add(datasetId)
    if (--atWork === 0) takeAway(context)
  }
}
