import type { ListName } from './address.ts'
import 'server-only'
import type { Insertable, Selectable } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { ViewChange } from './schema.ts'

export type ViewRecord = Selectable<StudioTables['saved_views']>

/** By name, in each list. */
export const viewRecords = (db: Db = studio()): Promise<ViewRecord[]> =>
  db.selectFrom('saved_views').selectAll().orderBy('list').orderBy('name').execute()

export const viewRecord = (id: string, db: Db): Promise<ViewRecord | undefined> =>
  db.selectFrom('saved_views').selectAll().where('id', '=', id).executeTakeFirst()

export const viewNamed = (list: ListName, name: string, db: Db): Promise<ViewRecord | undefined> =>
  db
    .selectFrom('saved_views')
    .selectAll()
    .where('list', '=', list)
    .where('name', '=', name)
    .executeTakeFirst()

export async function insertView(view: Insertable<StudioTables['saved_views']>, db: Db): Promise<void> {
  await db.insertInto('saved_views').values(view).execute()
}

export async function updateView(id: string, change: ViewChange, db: Db): Promise<void> {
  await db.updateTable('saved_views').set(change).where('id', '=', id).execute()
}

/** @returns whether it was there */
export async function removeView(id: string): Promise<boolean> {
  const { numDeletedRows } = await studio().deleteFrom('saved_views').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
