import 'server-only'
import type { DatabaseSync } from 'node:sqlite'

export interface NewVersion {
  id: string
  datasetId: string
  revision: number
  name: string | null
  note: string | null
  sha256: string
  trainRows: number
  heldoutRows: number
  tokens: number
}

/**
 * Stores a version. If the newest version has the same data, updates its revision instead, and its name and note if given.
 * @returns the version's id
 */
export function keepVersion(db: DatabaseSync, version: NewVersion): string {
  const { id, datasetId, revision, name, note, sha256, trainRows, heldoutRows, tokens } = version
  const newest = db
    .prepare(
      'select id, number, sha256 from dataset_versions where dataset_id = ? order by number desc limit 1',
    )
    .get(datasetId)
  if (newest?.sha256 === sha256) {
    db.prepare(
      `update dataset_versions set revision = max(revision, ?), name = coalesce(?, name), note = coalesce(?, note)
       where id = ?`,
    ).run(revision, name, note, newest.id as string)
    return String(newest.id)
  }
  db.prepare(
    `insert into dataset_versions
       (id, dataset_id, number, revision, name, note, sha256, train_rows, heldout_rows, tokens, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    datasetId,
    Number(newest?.number ?? 0) + 1,
    revision,
    name,
    note,
    sha256,
    trainRows,
    heldoutRows,
    tokens,
    Date.now(),
  )
  return id
}
