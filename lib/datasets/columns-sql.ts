import { sql } from 'kysely'
import type { VersionRecord } from './versions-store.ts'

/**
 * Columns of our tables for the queries of other rooms: one primary key lookup per row, as in a join. The parameter is the
 * column of the other room that holds the id, such as `jobs.dataset_id`.
 */

/** Name of a dataset, also of a deleted one. */
export const datasetNameBy = (id: string) =>
  sql<string | null>`(select datasets.name from datasets where datasets.id = ${sql.ref(id)})`

/** Name of a dataset that is not deleted. */
export const presentDatasetNameBy = (id: string) =>
  sql<string | null>`(
    select datasets.name from datasets where datasets.id = ${sql.ref(id)} and datasets.deleted_at is null
  )`

/** A column of a version. */
export const versionColumn = <Name extends keyof VersionRecord>(name: Name, id: string) =>
  sql<VersionRecord[Name] | null>`(
    select ${sql.ref(`dataset_versions.${name}`)} from dataset_versions where dataset_versions.id = ${sql.ref(id)}
  )`
