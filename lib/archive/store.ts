import 'server-only'
import type { Selectable } from 'kysely'
import { blobsIn, dropBlob, keepOnly } from '#lib/datasets/blobs.ts'
import { type Db, inTransaction, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { ItemFacts, ItemKind, Reason } from './schema.ts'

export type ItemRecord = Omit<Selectable<StudioTables['archive_items']>, 'kind' | 'reason'> & {
  kind: ItemKind
  reason: Reason | null
}
export type PartRecord = Pick<Selectable<StudioTables['archive_parts']>, 'sha256' | 'bytes'>

/** Something that an account has. */
export interface Found {
  kind: ItemKind
  id: string
  facts?: ItemFacts
  /** It may have changed: ask for it even if it is here. */
  again?: boolean
}

/** SQLite takes 32,766 bound values a statement; seven an item. */
const AT_ONCE = 1_000

/** Adds what an account has to what is to be brought home; what is known stays as it is. */
export async function addItems(
  providerId: string,
  account: string,
  found: readonly Found[],
  db: Db = studio(),
): Promise<void> {
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const values = found.slice(from, from + AT_ONCE).map(({ kind, id, facts }) => ({
      provider_id: providerId,
      kind,
      remote_id: id,
      account,
      facts_json: facts ? JSON.stringify(facts) : null,
      due: 1,
      final: 0,
    }))
    await db
      .insertInto('archive_items')
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(['provider_id', 'kind', 'remote_id']).doUpdateSet(({ ref, fn }) => ({
          account: ref('excluded.account'),
          facts_json: fn.coalesce(ref('excluded.facts_json'), ref('archive_items.facts_json')),
        })),
      )
      .execute()
  }
  const changed = found.filter(({ again }) => again)
  for (const { kind, id } of changed)
    await db
      .updateTable('archive_items')
      .set({ due: 1, final: 0 })
      .where('provider_id', '=', providerId)
      .where('kind', '=', kind)
      .where('remote_id', '=', id)
      .execute()
}

/** Items that the rescue has still to ask for, in the order in which they were found. */
export const dueItems = (
  providerId: string,
  account: string,
  kinds: readonly ItemKind[],
  limit: number,
): Promise<ItemRecord[]> =>
  studio()
    .selectFrom('archive_items')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('account', '=', account)
    .where('kind', 'in', kinds)
    .where('due', '=', 1)
    .orderBy('seq')
    .limit(limit)
    .$castTo<ItemRecord>()
    .execute()

/** Makes everything due that may have changed at the provider since. */
export async function askForChanging(providerId: string): Promise<void> {
  await studio()
    .updateTable('archive_items')
    .set({ due: 1 })
    .where('provider_id', '=', providerId)
    .where('final', '=', 0)
    .execute()
}

/** Makes everything due that could not be brought home, with whatever key that was, and what the provider did not have. */
export async function askForMissing(providerId: string, account: string): Promise<void> {
  await studio()
    .updateTable('archive_items')
    .set({ due: 1, final: 0, account })
    .where('provider_id', '=', providerId)
    .where('reason', 'is not', null)
    .execute()
}

/** At the end of a rescue: what is due then is not seen with the present key. */
export async function leaveToOtherKeys(providerId: string): Promise<void> {
  await studio()
    .updateTable('archive_items')
    .set({ due: 0, reason: 'otherKey', error_json: null })
    .where('provider_id', '=', providerId)
    .where('due', '=', 1)
    .execute()
}

export const partsOf = (item: number, db: Db = studio()): Promise<PartRecord[]> =>
  db
    .selectFrom('archive_parts')
    .select(['sha256', 'bytes'])
    .where('item', '=', item)
    .orderBy('place')
    .execute()

const isSame = (a: readonly PartRecord[], b: readonly PartRecord[]): boolean =>
  a.length === b.length && a.every(({ sha256 }, place) => sha256 === b[place]?.sha256)

async function replaceParts(item: number, parts: readonly PartRecord[], db: Db): Promise<void> {
  await db.deleteFrom('archive_parts').where('item', '=', item).execute()
  for (let from = 0; from < parts.length; from += AT_ONCE)
    await db
      .insertInto('archive_parts')
      .values(
        parts
          .slice(from, from + AT_ONCE)
          .map(({ sha256, bytes }, index) => ({ item, place: from + index, sha256, bytes })),
      )
      .execute()
}

export interface Saved {
  /** Its bytes, which are in the archive folder. */
  parts: readonly PartRecord[]
  /** It cannot change any more. */
  final: boolean
  /** What it led to, which is added in the same transaction. */
  found?: readonly Found[]
}

/** Writes the receipt of an item whose bytes are here. @returns the parts that it had before and has no longer */
export const saveItem = (item: ItemRecord, { parts, final, found = [] }: Saved): Promise<PartRecord[]> =>
  inTransaction(async (db) => {
    const now = Date.now()
    const before = await partsOf(item.seq, db)
    const same = item.saved_at !== null && isSame(before, parts)
    if (!same) await replaceParts(item.seq, parts, db)
    await addItems(item.provider_id, item.account, found, db)
    await db
      .updateTable('archive_items')
      .set({
        due: 0,
        final: final ? 1 : 0,
        saved_at: same ? item.saved_at : now,
        checked_at: now,
        reason: null,
        error_json: null,
      })
      .where('seq', '=', item.seq)
      .execute()
    return same ? [] : before
  })

/** Writes down why an item could not be brought home; what is here of it stays. */
export async function missItem(
  { seq }: ItemRecord,
  { reason, error, final }: { reason: Reason; error: unknown; final: boolean },
): Promise<void> {
  await studio()
    .updateTable('archive_items')
    .set({
      due: 0,
      final: final ? 1 : 0,
      checked_at: Date.now(),
      reason,
      error_json: JSON.stringify(error),
    })
    .where('seq', '=', seq)
    .execute()
}

/** Items of a provider, in the order in which they were found. */
export const itemsOf = (providerId: string, kind?: ItemKind): Promise<ItemRecord[]> =>
  studio()
    .selectFrom('archive_items')
    .selectAll()
    .where('provider_id', '=', providerId)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .orderBy('seq')
    .$castTo<ItemRecord>()
    .execute()

/** Items of a provider that are not here or could not be brought up to date. */
export const missingItems = (providerId: string, limit: number): Promise<ItemRecord[]> =>
  studio()
    .selectFrom('archive_items')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('reason', 'is not', null)
    .orderBy('seq')
    .limit(limit)
    .$castTo<ItemRecord>()
    .execute()

export const findItem = (
  providerId: string,
  kind: ItemKind,
  remoteId: string,
): Promise<ItemRecord | undefined> =>
  studio()
    .selectFrom('archive_items')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('kind', '=', kind)
    .where('remote_id', '=', remoteId)
    .$castTo<ItemRecord>()
    .executeTakeFirst()

/** Items of one kind in one state. */
export interface KindCount {
  kind: ItemKind
  reason: Reason | null
  /** 1: they are here. */
  saved: number
  due: number
  count: number
}

/** How many items of a provider are in each state, by kind. */
export async function countItems(providerId: string): Promise<KindCount[]> {
  const counts = await studio()
    .selectFrom('archive_items')
    .select(({ fn, eb }) => [
      'kind',
      'reason',
      'due',
      eb('saved_at', 'is not', null).as('saved'),
      fn.countAll<number>().as('count'),
    ])
    .where('provider_id', '=', providerId)
    .groupBy(['kind', 'reason', 'due', 'saved'])
    .$castTo<KindCount>()
    .execute()
  return counts.map((one) => ({ ...one, count: Number(one.count) }))
}

/** Bytes that are here of a provider. */
export async function bytesOf(providerId: string): Promise<number> {
  const { bytes } = await studio()
    .selectFrom('archive_parts as part')
    .innerJoin('archive_items as item', 'item.seq', 'part.item')
    .select(({ fn }) => fn.sum<number>('part.bytes').as('bytes'))
    .where('item.provider_id', '=', providerId)
    .executeTakeFirstOrThrow()
  return Number(bytes ?? 0)
}

/** Providers of which something is here or was found. */
export async function archivedProviders(): Promise<string[]> {
  const rows = await studio().selectFrom('archive_items').select('provider_id').distinct().execute()
  return rows.map(({ provider_id }) => provider_id)
}

async function usedFiles(): Promise<Set<string>> {
  const rows = await studio().selectFrom('archive_parts').select('sha256').distinct().execute()
  return new Set(rows.map(({ sha256 }) => sha256))
}

/** Moves files that no receipt names to lost+found. Only at startup, before any write. */
export const sweepArchive = async (): Promise<void> => keepOnly(await usedFiles(), 'archive')

/** Deletes bytes that receipts no longer name. Only while nothing is being brought home: a file comes before its receipt. */
export async function dropUnused(parts: readonly PartRecord[]): Promise<void> {
  const used = await usedFiles()
  for (const { sha256 } of parts) if (!used.has(sha256)) await dropBlob(sha256, 'archive')
}

/** Makes items due of which a file is missing on this disk: they are no longer taken for saved. */
export async function askForLost(providerId: string): Promise<void> {
  const files = await blobsIn('archive')
  const rows = await studio()
    .selectFrom('archive_parts as part')
    .innerJoin('archive_items as item', 'item.seq', 'part.item')
    .select(['item.seq', 'part.sha256'])
    .where('item.provider_id', '=', providerId)
    .execute()
  const lost = new Set(rows.filter(({ sha256 }) => !files.has(sha256)).map(({ seq }) => seq))
  for (const seq of lost)
    await studio()
      .updateTable('archive_items')
      .set({ due: 1, final: 0, saved_at: null })
      .where('seq', '=', seq)
      .execute()
}
