import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '#lib/core/errors.ts'
import { isDiskFull } from '#lib/disk/full.ts'
import { beingChanged, noDataset, refuseLocked } from '../refusals.ts'
import type { Step, StepKind } from '../schema.ts'
import type { Context } from './context.ts'
import { halfSteps, hasMoved, lockedAt, stateOf } from './state-store.ts'
import { beginStep, finishStep, sweepStep } from './step-store.ts'
import { transaction } from './store.ts'

export interface StepRequest {
  datasetId: string
  kind: StepKind
  /** The revision that the change is based on; without it any. */
  expected?: number
  /** Revision of the step that this one reverts: a change that it undoes, or an undo. */
  reverts?: number
}

export interface StepWriter {
  /** The current revision, and the new one, at which records begin (`since`) and end (`until`). */
  now: number
  next: number
  /** One short transaction. `work` must finish within the turn. */
  write: (work: () => void) => void
}

interface Done<Result> {
  /** Changed rows. With 0 no step is recorded, except for a creation or an undo. */
  rows: number
  result: Result
}

const isAlwaysRecorded = (kind: StepKind): boolean => kind === 'create' || kind === 'undo' || kind === 'redo'

function refuse(reason: 'missing' | 'busy' | 'changed'): never {
  if (reason === 'missing') throw noDataset()
  if (reason === 'busy') throw beingChanged('revision')
  throw new AppError('conflict', 'datasets.changedMeanwhile', {
    param: 'revision',
  })
}

/**
 * A job may have locked the split while rows were being moved, so the step's last transaction checks again. It compares with
 * the splits of that job, so that a row deleted since is not restored into the other split.
 */
function refuseLockedMoves(db: DatabaseSync, { datasetId }: StepRequest): void {
  const since = lockedAt(db, datasetId)
  if (since !== null && hasMoved(db, datasetId, since)) throw refuseLocked()
}

/** @returns the current revision */
function reserve(db: DatabaseSync, request: StepRequest): number {
  return transaction(db, () => {
    const state = stateOf(db, request.datasetId)
    if (!state || state.deleted || (state.revision === 0 && request.kind !== 'create')) throw noDataset()
    return beginStep(db, request, refuse)
  })
}

/**
 * A batch need not be synced at once: it is invisible until the step's last transaction, whose sync covers the whole log
 * before it.
 */
function unsynced(db: DatabaseSync, work: () => void): void {
  db.exec('pragma synchronous = normal')
  try {
    transaction(db, work)
  } finally {
    db.exec('pragma synchronous = full')
  }
}

/** ms between two attempts to revert a step while the disk is full. */
const RETRY = 1_000

async function revertLater(db: DatabaseSync, datasetId: string, revision: number): Promise<void> {
  await pause(RETRY)
  await revert(db, datasetId, revision)
}

/** Reverts what a step has written; if the disk is too full even for that, retries until it works. */
async function revert(db: DatabaseSync, datasetId: string, revision: number): Promise<void> {
  try {
    await sweepStep(db, datasetId, revision)
  } catch (thrown) {
    if (!isDiskFull(thrown)) throw thrown
    // The rows of an unfinished step are invisible, and the dataset stays locked until they are deleted.
    void revertLater(db, datasetId, revision)
  }
}

/** Reverts the unfinished steps of a worker that died. Only at the start of a worker: nothing else makes big steps. */
export async function sweepHalfSteps(db: DatabaseSync): Promise<void> {
  for (const { datasetId, revision } of halfSteps(db)) await revert(db, datasetId, revision)
}

/**
 * One change of any number of rows. Rows are written batch by batch while readers still see the old revision; the last
 * transaction makes all of them visible at once. A failed or aborted step leaves nothing behind.
 * @param work writes, and yields in between
 * @throws AppError not_found, conflict while another step is in progress or when the dataset is at another revision
 */
export async function bigStep<Result>(
  { db, signal, changed }: Pick<Context, 'db' | 'signal' | 'changed'>,
  request: StepRequest,
  work: (writer: StepWriter) => Promise<Done<Result>>,
): Promise<Step & { result: Result }> {
  const { datasetId, kind } = request
  const now = reserve(db, request)
  const next = now + 1
  changed()
  try {
    const { rows, result } = await work({ now, next, write: (batch) => unsynced(db, batch) })
    signal.throwIfAborted()
    if (rows === 0 && !isAlwaysRecorded(kind)) {
      await sweepStep(db, datasetId, next)
      return { revision: now, kind, rows, result }
    }
    transaction(db, () => {
      refuseLockedMoves(db, request)
      finishStep(db, request, { revision: next, rows, now: Date.now() })
    })
    return { revision: next, kind, rows, result }
  } catch (thrown) {
    await revert(db, datasetId, next)
    throw thrown
  } finally {
    changed()
  }
}
