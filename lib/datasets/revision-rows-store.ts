import 'server-only'
import { type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { inRevision, REJECTED } from './revision-sql.ts'
import type { Split } from './schema.ts'
import type { DatasetRecord } from './store.ts'

export type RowRecord = Selectable<StudioTables['dataset_rows']>

/** A dataset at a revision. */
export type DatasetRevision = Pick<DatasetRecord, 'id' | 'revision'>

/** The records of a revision. */
export const rowsAt = ({ id, revision }: DatasetRevision, db: Db = studio()) =>
  db
    .selectFrom('dataset_rows')
    .where('dataset_id', '=', id)
    .where(inRevision(sql<boolean>, { since: sql.ref('since'), until: sql.ref('until'), revision }))

/** The records of a revision that are sent, of one split or of both: without rejected rows. */
export function sentAt(dataset: DatasetRevision, split?: Split, db: Db = studio()) {
  const sent = rowsAt(dataset, db).where('review', 'is not', REJECTED)
  return split ? sent.where('split', '=', split) : sent
}

interface Window {
  /** Only the rows that are sent with this split. */
  split?: Split
  offset?: number
  limit?: number
}

/** The rows of a dataset at its `revision`. */
export function rowsOf(
  dataset: DatasetRevision,
  { split, offset, limit }: Window = {},
  db: Db = studio(),
): Promise<RowRecord[]> {
  const rows = split ? sentAt(dataset, split, db) : rowsAt(dataset, db)
  let query = rows.selectAll().orderBy('position').orderBy('seq')
  if (limit !== undefined) query = query.limit(limit)
  if (offset) query = query.offset(offset)
  return query.execute()
}

export type RowPlace = Pick<RowRecord, 'blob' | 'offset' | 'length' | 'line'>

/** Rows read by one statement. */
const CHUNK = 500

/** Place of the text of every row that is sent, in order; reads in chunks, so memory stays constant. */
export async function* placesOf(dataset: DatasetRevision, split?: Split): AsyncGenerator<RowPlace> {
  const query = sentAt(dataset, split)
    .select(['seq', 'blob', 'offset', 'length', 'line'])
    .orderBy('position')
    .orderBy('seq')
    .limit(CHUNK)
  for (let last = 0; ; ) {
    // Continue after the last row by its current position: positions may be renumbered meanwhile.
    const rows = await (last === 0
      ? query
      : query.where(
          sql<boolean>`(position, seq) > ((select position from dataset_rows where seq = ${last}), ${last})`,
        )
    ).execute()
    yield* rows
    if (rows.length < CHUNK) return
    last = rows.at(-1)?.seq ?? 0
  }
}

/** The blobs that hold the rows of a revision that are sent. */
export async function blobsAt(dataset: DatasetRevision, split?: Split): Promise<string[]> {
  const found = await sentAt(dataset, split).select('blob').distinct().where('blob', 'is not', null).execute()
  return found.flatMap(({ blob }) => blob ?? [])
}

/** A window of all rows, read from the nearer end: an offset is slow, even in an index. */
export async function windowOf(dataset: DatasetRecord, offset: number, limit: number): Promise<RowRecord[]> {
  if (offset <= dataset.lines / 2) return rowsOf(dataset, { offset, limit })
  const behind = Math.max(0, dataset.lines - offset - limit)
  const rows = await rowsAt(dataset)
    .selectAll()
    .orderBy('position', 'desc')
    .orderBy('seq', 'desc')
    .limit(Math.max(0, Math.min(limit, dataset.lines - offset)))
    .offset(behind)
    .execute()
  return rows.reverse()
}

/** Stable ids of a window of all rows, in line order. */
export async function rowKeys(dataset: DatasetRevision, offset: number, limit: number): Promise<string[]> {
  const rows = await rowsAt(dataset)
    .select('key')
    .orderBy('position')
    .orderBy('seq')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map(({ key }) => key)
}

/** SQL: a list of values, bound as one parameter. */
const among = (values: readonly (string | number)[]) =>
  sql<string & number>`(select value from json_each(${JSON.stringify(values)}))`

/** Records by `seq`, in the order of `seqs`. */
export async function rowsWith(seqs: readonly number[]): Promise<RowRecord[]> {
  if (seqs.length === 0) return []
  const rows = await studio().selectFrom('dataset_rows').selectAll().where('seq', 'in', among(seqs)).execute()
  const known = new Map(rows.map((row) => [row.seq, row]))
  return seqs.flatMap((seq) => known.get(seq) ?? [])
}

/** Which of these prompt hashes occur in a split. */
export async function promptsAmong(
  prompts: readonly number[],
  { datasetId, revision, split }: { datasetId: string; revision: number; split: Split },
): Promise<Set<number>> {
  const found = await sentAt({ id: datasetId, revision }, split)
    .select('prompt_hash')
    .distinct()
    .where('prompt_hash', 'in', among(prompts))
    .execute()
  return new Set(found.map(({ prompt_hash }) => Number(prompt_hash)))
}

/** The current record of a row; undefined: deleted. */
export const rowNow = (datasetId: string, key: string): Promise<RowRecord | undefined> =>
  studio()
    .selectFrom('dataset_rows')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('key', '=', key)
    .where('until', 'is', null)
    .executeTakeFirst()

/** How many of these rows were written after a revision and are unchanged since. */
export async function keptSince({ id, revision }: DatasetRevision, keys: readonly string[]): Promise<number> {
  const { kept } = await studio()
    .selectFrom('dataset_rows')
    .select(({ fn }) => fn.countAll<number>().as('kept'))
    .where('dataset_id', '=', id)
    .where('key', 'in', among(keys))
    .where('until', 'is', null)
    .where('since', '>', revision)
    .executeTakeFirstOrThrow()
  return Number(kept)
}
