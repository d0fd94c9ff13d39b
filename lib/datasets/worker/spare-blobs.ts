import { rmSync } from 'node:fs'
import { blobPath } from '../blobs.ts'
import type { Context } from './context.ts'
import { isUsed } from './store.ts'

/** Blobs that a task has found no use for, and the datasets that it was for. */
const spare = new Set<string>()
const ended = new Set<string>()
let atWork = 0

function takeAway({ db }: Pick<Context, 'db'>): void {
  for (const blob of spare) if (!isUsed(db, blob, [...ended])) rmSync(blobPath(blob), { force: true })
  spare.clear()
  ended.clear()
}

/**
 * Runs a task that brings in bytes. What it drops goes when no such task is under way any more and no row stands in
 * it: another one may just have kept the same bytes, which are one file.
 */
export async function withBlobs<Result>(
  context: Pick<Context, 'db'>,
  datasetId: string,
  work: (drop: (blob: string) => void) => Promise<Result>,
): Promise<Result> {
  atWork++
  try {
    return await work((blob) => void spare.add(blob))
  } finally {
    ended.add(datasetId)
    if (--atWork === 0) takeAway(context)
  }
}
