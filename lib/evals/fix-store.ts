import 'server-only'
import type { Selectable } from 'kysely'
import { keptSince } from '#lib/datasets/revision-rows-store.ts'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type FixRecord = Selectable<StudioTables['eval_fixes']>

export async function insertFix(fix: FixRecord): Promise<void> {
  await studio().insertInto('eval_fixes').values(fix).execute()
}

export const fixesIn = (evalId: string): Promise<FixRecord[]> =>
  studio()
    .selectFrom('eval_fixes')
    .selectAll()
    .where('eval_id', '=', evalId)
    .orderBy('created_at')
    .orderBy('revision')
    .execute()

/** Training row that an earlier fix of the same row wrote. */
export const lastFix = (datasetId: string, rowKey: string): Promise<FixRecord | undefined> =>
  studio()
    .selectFrom('eval_fixes')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('row_key', '=', rowKey)
    .orderBy('revision', 'desc')
    .executeTakeFirst()

/** Existing rows that fixes wrote after a revision, each once. */
export async function fixesSince(datasetId: string, revision: number): Promise<number> {
  const written = await studio()
    .selectFrom('eval_fixes')
    .select('written_key')
    .distinct()
    .where('dataset_id', '=', datasetId)
    .where('revision', '>', revision)
    .execute()
  return keptSince(
    { id: datasetId, revision },
    written.map(({ written_key }) => written_key),
  )
}
