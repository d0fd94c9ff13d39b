import 'server-only'
import { type Expression, expressionBuilder, sql } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { settleLocks } from '#lib/datasets/store.ts'
import { hasMovedSince } from '#lib/datasets/versions-store.ts'
import type { Db } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { FrozenData } from './freeze-data.ts'
import type { JobRecord } from './store.ts'

/**
 * Rows that one job was measured on must not train the next. A split is locked while any job uses it that exists, or
 * may exist, at its provider. The lock is written in the same transaction as the job.
 */

export type Used = Pick<JobRecord, 'dataset_id' | 'validation_dataset_id'>

/** Error code of a job that certainly was not sent. */
export const NOT_SENT = 'not_sent'

/** Whether a job certainly was not sent. */
export const isUnsent = ({ remote_id, error_json }: Pick<JobRecord, 'remote_id' | 'error_json'>): boolean =>
  remote_id === null && error_json !== null && JSON.parse(error_json).code === NOT_SENT

/** SQL: a job that exists at its provider, or may exist, uses a dataset. */
const isUsed = (datasetId: Expression<string>) => {
  const { exists, selectFrom } = expressionBuilder<StudioTables>()
  return exists(
    selectFrom('jobs')
      .select('jobs.id')
      .where(({ eb, or }) =>
        or([eb('jobs.dataset_id', '=', datasetId), eb('jobs.validation_dataset_id', '=', datasetId)]),
      )
      .where('jobs.launch', '!=', 'refused')
      .where(
        sql<boolean>`(jobs.remote_id is not null or coalesce(json_extract(jobs.error_json, '$.code'), '') <> ${NOT_SENT})`,
      ),
  )
}

/** Sets the locks of a job's datasets, after its row was written. */
export async function settleSplits(used: Used, db: Db): Promise<void> {
  const ids = [used.dataset_id, used.validation_dataset_id].filter((id) => id !== null)
  if (ids.length > 0) await settleLocks(ids, isUsed, db)
}

/** Sets the locks of all datasets: folders of older versions have jobs that never locked. */
export const settleAllSplits = (db: Db): Promise<void> => settleLocks(null, isUsed, db)

/** @throws AppError conflict when a frozen row has changed sides since */
export async function expectUnmoved({ training, validation }: FrozenData, used: Used, db: Db): Promise<void> {
  const pinned = [
    [used.dataset_id, training.revision],
    [used.validation_dataset_id, (validation ?? training).revision],
  ] as const
  for (const [datasetId, revision] of pinned) {
    if (datasetId === null || !(await hasMovedSince(datasetId, revision, db))) continue
    const key = training.current ? 'jobs.sidesChanged' : 'jobs.sidesChangedSince'
    throw new AppError('conflict', key, { param: 'training.datasetId' })
  }
}
