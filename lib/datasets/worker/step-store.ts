import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inRevisionSql } from '../revision-sql.ts'
import { prepared } from './store.ts'

interface StepRecord {
  datasetId: string
  kind: string
  expected?: number
  reverts?: number
}

/**
 * Reserves the next revision of a dataset.
 * @returns its current revision
 */
export function beginStep(
  db: DatabaseSync,
  { datasetId, expected }: StepRecord,
  refuse: (reason: 'missing' | 'busy' | 'changed') => never,
): number {
  const found = prepared(db, 'select revision, importing from datasets where id = ?').get(datasetId)
  if (!found) refuse('missing')
  const { revision, importing } = found as { revision: number; importing: number | null }
  if (importing !== null) refuse('busy')
  if (expected !== undefined && expected !== revision) refuse('changed')
  prepared(db, 'update datasets set importing = ? where id = ?').run(revision + 1, datasetId)
  return revision
}

/** Makes the new revision visible. */
export function finishStep(
  db: DatabaseSync,
  { datasetId, kind, reverts = null }: Omit<StepRecord, 'reverts'> & { reverts?: number | null },
  { revision, rows, now }: { revision: number; rows: number; now: number },
): void {
  prepared(
    db,
    `update datasets set revision = ?2, importing = null, updated_at = ?3, lines =
       (select count(*) from dataset_rows where dataset_id = ?1 and ${inRevisionSql('?2')})
     where id = ?1`,
  ).run(datasetId, revision, now)
  prepared(
    db,
    'insert into dataset_steps (dataset_id, revision, kind, rows, reverts, created_at) values (?, ?, ?, ?, ?, ?)',
  ).run(datasetId, revision, kind, rows, reverts, now)
}

/** Rows changed by one statement: short enough for waiting requests. */
const SWEPT = 2_000

/** Reverts what a step has written so far. */
export async function sweepStep(db: DatabaseSync, datasetId: string, revision: number): Promise<void> {
  // The index on `since` leaves out revision 1; at that revision there are no other rows.
  const candidates = revision > 1 ? 'indexed by dataset_rows_since where since > 1 and' : 'where'
  const gone = prepared(
    db,
    `delete from dataset_rows where seq in
     (select seq from dataset_rows ${candidates} dataset_id = ? and since = ? limit ${SWEPT})`,
  )
  const back = prepared(
    db,
    `update dataset_rows set until = null where seq in
     (select seq from dataset_rows where dataset_id = ? and until = ? limit ${SWEPT})`,
  )
  for (const statement of [gone, back]) {
    while (Number(statement.run(datasetId, revision).changes) > 0) await nextTurn()
  }
  prepared(db, 'update datasets set importing = null where id = ?').run(datasetId)
}
