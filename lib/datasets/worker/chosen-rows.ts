import type { DatabaseSync } from 'node:sqlite'
import { marked } from '../marks.ts'
import type { BulkChange } from '../schema.ts'
import { endRecords, moveRecords, recordsOf, recordsWith } from './history-store.ts'
import type { Place } from './rewrite.ts'
import { insertRows, type Row } from './store.ts'

/** A change of rows by their ids, which leaves their text as it is. */
export type RowsChange = Extract<BulkChange, { kind: 'split' | 'delete' | 'mark' }>

export const isOfChosen = (change: BulkChange): change is RowsChange =>
  change.kind === 'split' || change.kind === 'delete' || change.kind === 'mark'

function isChanged(row: Row, change: RowsChange): boolean {
  if (change.kind === 'delete') return true
  if (change.kind === 'split') return row.split !== change.split
  const { review, tags_json } = marked(row, change)
  return review !== row.review || tags_json !== row.tags_json
}

/** The records that a change concerns, without those that are already as it wants them. */
export const chosenBy = (db: DatabaseSync, { datasetId, revision }: Place, change: RowsChange): Row[] =>
  recordsOf(db, datasetId, revision, change.rows).filter((row) => isChanged(row, change))

/** Writes a change of records. Called inside a short transaction. */
export function changeChosen(
  db: DatabaseSync,
  seqs: readonly number[],
  change: RowsChange,
  since: number,
): void {
  if (change.kind === 'split') {
    moveRecords(db, seqs, change.split, since)
    return
  }
  if (change.kind === 'mark') {
    const rows = recordsWith(db, seqs)
    insertRows(
      db,
      rows.map((row) => ({ ...row, ...marked(row, change), since, until: null })),
    )
  }
  endRecords(db, seqs, since)
}
