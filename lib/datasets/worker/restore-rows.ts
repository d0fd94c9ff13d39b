import type { DatabaseSync } from 'node:sqlite'
import { refuseLocked } from '../refusals.ts'
import type { Context } from './context.ts'
import { copyRecords, endRecords, type Pair, pairsBetween } from './history-store.ts'
import { lockedAt } from './state-store.ts'
import type { StepWriter } from './step.ts'

/** Rows per short transaction. */
const BATCH = 200

const changesSides = ({ sides: [before, after] }: Pair): boolean =>
  before !== null && after !== null && before !== after

export interface RowRestore {
  datasetId: string
  /** The revision to go back to. */
  to: number
  /** Revisions of steps: restore only rows that these have changed. */
  touched?: readonly [number, number]
}

/** The rows that differ now. @throws AppError conflict when a job has locked the split and rows would move */
function differences(db: DatabaseSync, { datasetId, to, touched }: RowRestore, now: number): Pair[] {
  const pairs = pairsBetween(db, datasetId, { from: now, to }, touched).filter(
    (pair) => !pair.same || pair.marked || changesSides(pair),
  )
  if (lockedAt(db, datasetId) !== null && pairs.some(changesSides)) throw refuseLocked()
  return pairs
}

const seqsOf = (pairs: readonly Pair[], side: 'before' | 'after'): number[] =>
  pairs.flatMap((pair) => pair[side] ?? [])

/**
 * Restores rows of a revision: ends the records that differ, and inserts copies of the earlier ones.
 * @returns how many
 * @throws AppError conflict when a job has locked the split and rows would move
 */
export async function restoreRows(
  request: RowRestore,
  writer: StepWriter,
  { db, yieldToEventLoop }: Context,
): Promise<number> {
  const pairs = differences(db, request, writer.now)
  for (let start = 0; start < pairs.length; start += BATCH) {
    const batch = pairs.slice(start, start + BATCH)
    writer.write(() => {
      endRecords(db, seqsOf(batch, 'before'), writer.next)
      copyRecords(db, seqsOf(batch, 'after'), writer.next)
    })
    await yieldToEventLoop()
  }
  return pairs.length
}
