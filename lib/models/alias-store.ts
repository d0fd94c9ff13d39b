import 'server-only'
import { type Insertable, type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type AliasRecord = Selectable<StudioTables['aliases']>
export type ChangeRecord = Selectable<StudioTables['alias_history']>

export const aliasRecords = (): Promise<AliasRecord[]> =>
  studio().selectFrom('aliases').selectAll().orderBy('name').execute()

export const aliasRecord = (name: string, db: Db = studio()): Promise<AliasRecord | undefined> =>
  db.selectFrom('aliases').selectAll().where('name', '=', name).executeTakeFirst()

/** Changes of existing aliases, newest first. */
export const changeRecords = (): Promise<ChangeRecord[]> =>
  studio()
    .selectFrom('alias_history')
    .selectAll()
    .where('alias', 'in', studio().selectFrom('aliases').select('name'))
    .orderBy('seq', 'desc')
    .execute()

export const lastChange = (name: string, db: Db = studio()): Promise<ChangeRecord | undefined> =>
  db
    .selectFrom('alias_history')
    .selectAll()
    .where('alias', '=', name)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()

export async function keepAlias(alias: AliasRecord, db: Db): Promise<void> {
  const { provider_id, model, updated_at } = alias
  await db
    .insertInto('aliases')
    .values(alias)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ provider_id, model, updated_at }))
    .execute()
}

export async function dropAlias(name: string, db: Db): Promise<void> {
  await db.deleteFrom('aliases').where('name', '=', name).execute()
}

export async function insertChange(change: Insertable<StudioTables['alias_history']>, db: Db): Promise<void> {
  await db.insertInto('alias_history').values(change).execute()
}

/** Adds one call at a time (ms) to an alias's count. */
export async function countCall(alias: string, at: number, db: Db): Promise<void> {
  await db
    .insertInto('alias_calls')
    .values({ alias, calls: 1, last_at: at })
    .onConflict((conflict) =>
      conflict.column('alias').doUpdateSet({
        calls: sql`alias_calls.calls + 1`,
        last_at: sql`max(alias_calls.last_at, ${at})`,
      }),
    )
    .execute()
}

/** How often each alias was asked, and when last. */
export const callsOfAliases = () =>
  studio().selectFrom('alias_calls').select(['alias', 'calls', 'last_at as last']).execute()

/** Aliases that point at a model. */
export async function aliasesOf(providerId: string, model: string): Promise<string[]> {
  const rows = await studio()
    .selectFrom('aliases')
    .select('name')
    .where('provider_id', '=', providerId)
    .where('model', '=', model)
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}
