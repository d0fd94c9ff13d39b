import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { prepared } from './store.ts'

/** Rows deleted by one statement: short enough for waiting requests. */
const MOST = 2_000

/** Hides a deleted dataset at revision 0, so that the next start deletes the rest of it. */
export const hideDeleted = (db: DatabaseSync, datasetId: string): boolean =>
  prepared(
    db,
    'update datasets set revision = 0 where id = ? and deleted_at is not null and importing is null',
  ).run(datasetId).changes === 1

/**
 * Whether a row refers to a blob, or may soon: another import may have just stored the same bytes.
 * @param ended datasets whose import has ended or failed; rows of such an import that could not be deleted because the disk
 * is full do not count
 */
export function isUsed(db: DatabaseSync, blob: string, ended: readonly string[] = []): boolean {
  const list = JSON.stringify(ended)
  return (
    prepared(
      db,
      `select 1 from datasets where (importing is not null or revision = 0)
         and id not in (select value from json_each(?)) limit 1`,
    ).get(list) !== undefined ||
    prepared(
      db,
      `select 1 from dataset_rows where blob = ? and not
         (dataset_id in (select value from json_each(?)) and
          since > (select revision from datasets where id = dataset_id)) limit 1`,
    ).get(blob, list) !== undefined
  )
}

export const blobsOf = (db: DatabaseSync, datasetId: string): string[] =>
  prepared(db, 'select distinct blob from dataset_rows where dataset_id = ? and blob is not null')
    .all(datasetId)
    .map(({ blob }) => String(blob))

/** @returns whether there may be more */
export const deleteRows = (db: DatabaseSync, datasetId: string): boolean =>
  prepared(
    db,
    `delete from dataset_rows where seq in (select seq from dataset_rows where dataset_id = ? limit ${MOST})`,
  ).run(datasetId).changes === MOST

/**
 * Deletes a dataset without rows, with its steps and versions. A sample stays as an empty, deleted dataset without a name,
 * so that the next start does not create it again.
 */
export function dropDataset(db: DatabaseSync, datasetId: string): void {
  const left = ['dataset_steps', 'dataset_versions'].map(
    (table) => `delete from ${table} where dataset_id = ?`,
  )
  for (const statement of left) prepared(db, statement).run(datasetId)
  prepared(
    db,
    `update datasets set name = '', revision = 1, lines = 0, report_json = null, summary_json = null,
       summary_revision = null, split_locked = null where id = ? and sample is not null`,
  ).run(datasetId)
  prepared(db, 'delete from datasets where id = ? and sample is null').run(datasetId)
}
