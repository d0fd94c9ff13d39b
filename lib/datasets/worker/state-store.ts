import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { MOVED_SINCE, REDOABLE_STEP, UNDOABLE_STEP } from '../revision-sql.ts'
import type { StepKind } from '../schema.ts'

export interface DatasetState {
  revision: number
  /** A step is in progress. */
  busy: boolean
  /** The revision at which a job first used the split; null while none does. */
  lockedAt: number | null
  deleted: boolean
}

export function stateOf(db: DatabaseSync, datasetId: string): DatasetState | null {
  const row = db
    .prepare('select revision, importing, split_locked, deleted_at from datasets where id = ?')
    .get(datasetId)
  if (!row) return null
  const { revision, importing, split_locked, deleted_at } = row
  return {
    revision: Number(revision),
    busy: importing !== null,
    lockedAt: split_locked === null ? null : Number(split_locked),
    deleted: deleted_at !== null,
  }
}

/** The revision at which a job first used the split; null while none does. */
export const lockedAt = (db: DatabaseSync, datasetId: string): number | null =>
  stateOf(db, datasetId)?.lockedAt ?? null

/** Whether a row has changed its split since a revision. */
export const hasMoved = (db: DatabaseSync, datasetId: string, since: number): boolean =>
  db.prepare(MOVED_SINCE).get(datasetId, since) !== undefined

export const halfSteps = (db: DatabaseSync): { datasetId: string; revision: number }[] =>
  db
    .prepare('select id as datasetId, importing as revision from datasets where importing is not null')
    .all() as never

interface KnownStep {
  revision: number
  kind: StepKind
}

/** The newest step that can be undone; not the dataset's creation, an undo or a redo. */
export const newestStep = (db: DatabaseSync, datasetId: string): KnownStep | undefined =>
  db.prepare(UNDOABLE_STEP).get(datasetId) as never

/** The newest undo that a redo can revert, with the kind of the step that it undid. */
export const newestUndo = (db: DatabaseSync, datasetId: string): KnownStep | undefined =>
  db.prepare(REDOABLE_STEP).get(datasetId) as never
