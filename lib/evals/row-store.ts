import 'server-only'
import type { Selectable } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type EvalRowRecord = Selectable<StudioTables['eval_rows']>

export const rowsAtPlaces = (evalId: string, places: readonly number[]): Promise<EvalRowRecord[]> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('place', 'in', places)
    .execute()

/** Rows that are not asked. */
export const excludedRows = (evalId: string): Promise<EvalRowRecord[]> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('excluded', 'is not', null)
    .orderBy('place')
    .execute()

export const rowAtPlace = (evalId: string, place: number): Promise<EvalRowRecord> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('place', '=', place)
    .executeTakeFirstOrThrow()

export const rowWithKey = (evalId: string, key: string): Promise<EvalRowRecord | undefined> =>
  studio()
    .selectFrom('eval_rows')
    .selectAll()
    .where('eval_id', '=', evalId)
    .where('key', '=', key)
    .executeTakeFirst()
