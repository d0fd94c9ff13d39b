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
  /** The revision that the change was made from; left out when it is welcome at any. */
  expected?: number
  /** Revision of the step that this one takes back. */
  reverts?: number
}

export interface StepWriter {
  /** The revision as it is, and the one being made: records begin (`since`) and end (`until`) with it. */
  now: number
  next: number
  /** One short transaction. The work ends within the turn. */
  write: (work: () => void) => void
}

interface Done<Result> {
  /** Rows that it touched. With none there is no step, unless it begins a dataset or takes something back. */
  rows: number
  result: Result
}

const leavesTrace = (kind: StepKind): boolean => kind === 'create' || kind === 'undo'

function refuse(reason: 'missing' | 'busy' | 'changed'): never {
  if (reason === 'missing') throw noDataset()
  if (reason === 'busy') throw beingChanged('revision')
  throw new AppError('conflict', 'datasets.changedMeanwhile', {
    param: 'revision',
  })
}

/**
 * A run may have used the split while rows were being moved: the step's last transaction looks once more. It looks at the
 * sides of that run, so that a row which was deleted since does not come back on the other one.
 */
function refuseLockedMoves(db: DatabaseSync, { datasetId }: StepRequest): void {
  const since = lockedAt(db, datasetId)
  if (since !== null && hasMoved(db, datasetId, since)) throw refuseLocked()
}

/** @returns the revision as it is */
function reserve(db: DatabaseSync, request: StepRequest): number {
  return transaction(db, () => {
    const state = stateOf(db, request.datasetId)
    if (!state || state.deleted || (state.revision === 0 && request.kind !== 'create')) throw noDataset()
    return beginStep(db, request, refuse)
  })
}

/**
 * A batch need not be on the disk at once: nothing of it is true before the step's last transaction, whose sync takes
 * the whole log before it along.
 */
function unsynced(db: DatabaseSync, work: () => void): void {
  db.exec('pragma synchronous = normal')
  try {
    transaction(db, work)
  } finally {
    db.exec('pragma synchronous = full')
  }
}

/** Between two tries to take a step back while the disk is full, in ms. */
const RETRY = 1_000

async function sweepLater(db: DatabaseSync, datasetId: string, revision: number): Promise<void> {
  await pause(RETRY)
  await takeBack(db, datasetId, revision)
}

/** Takes back what a step has written; where the disk has no room even for that, as soon as it has. */
async function takeBack(db: DatabaseSync, datasetId: string, revision: number): Promise<void> {
  try {
    await sweepStep(db, datasetId, revision)
  } catch (thrown) {
    if (!isDiskFull(thrown)) throw thrown
    // Nobody sees the rows of a half step, and nobody may write to its dataset until they are gone.
    void sweepLater(db, datasetId, revision)
  }
}

/**
 * Takes back what a worker that died in the middle of a step has left over. Only at the start of one: it alone
 * makes big steps.
 */
export async function sweepHalfSteps(db: DatabaseSync): Promise<void> {
  for (const { datasetId, revision } of halfSteps(db)) await takeBack(db, datasetId, revision)
}

/**
 * One change of however many rows. They are written batch by batch while the dataset stays what it was; the last
 * transaction makes all of it true at once. When it fails or is aborted, nothing of it is left.
 * @param work writes, and gives way in between
 * @throws AppError not_found, conflict while another step is under way or when the dataset is at another revision
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
    if (rows === 0 && !leavesTrace(kind)) {
      await sweepStep(db, datasetId, next)
      return { revision: now, kind, rows, result }
    }
    transaction(db, () => {
      refuseLockedMoves(db, request)
      finishStep(db, request, { revision: next, rows, now: Date.now() })
    })
    return { revision: next, kind, rows, result }
  } catch (thrown) {
    await takeBack(db, datasetId, next)
    throw thrown
  } finally {
    changed()
  }
}
