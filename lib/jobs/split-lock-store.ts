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
 * What one run was measured on must not be trained on by the next. A split is locked exactly while a run uses it whose
 * job exists or may exist, and the lock is written in the same transaction as the run: no moment lies between.
 */

export type Used = Pick<JobRecord, 'dataset_id' | 'validation_dataset_id'>

/** Code of a run that certainly led to no job. */
export const NOT_SENT = 'not_sent'

/** SQL: a run uses a dataset whose job exists or may exist. */
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

/** Makes the locks of a run's datasets true, after its row was written. */
export async function settleSplits(used: Used, db: Db): Promise<void> {
  const ids = [used.dataset_id, used.validation_dataset_id].filter((id) => id !== null)
  if (ids.length > 0) await settleLocks(ids, isUsed, db)
}

/** Makes the locks of all datasets true: folders of older versions have runs that never locked. */
export const settleAllSplits = (db: Db): Promise<void> => settleLocks(null, isUsed, db)

/** @throws AppError conflict when a row of what was pinned has changed sides since */
export async function expectUnmoved({ training, validation }: FrozenData, used: Used, db: Db): Promise<void> {
  const pinned = [
    [used.dataset_id, training.revision],
    [used.validation_dataset_id, (validation ?? training).revision],
  ] as const
  for (const [datasetId, revision] of pinned) {
    if (datasetId === null || !(await hasMovedSince(datasetId, revision, db))) continue
    throw new AppError(
      'conflict',
      'Rows changed sides between training and held out while the job was being started, so nothing was sent. Start it again.',
      { param: 'training.datasetId' },
    )
  }
}
