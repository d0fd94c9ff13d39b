import 'server-only'
import { type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { inRevision } from './revision-sql.ts'
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

interface Window {
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
  let query = rowsAt(dataset, db).selectAll().orderBy('position').orderBy('seq')
  if (split) query = query.where('split', '=', split)
  if (limit !== undefined) query = query.limit(limit)
  if (offset) query = query.offset(offset)
  return query.execute()
}

export type RowPlace = Pick<RowRecord, 'blob' | 'offset' | 'length' | 'line'>

/** Rows read by one statement. */
const CHUNK = 500

/** Place of the text of every row, in order; reads in chunks, so memory stays constant. */
export async function* placesOf(dataset: DatasetRevision, split?: Split): AsyncGenerator<RowPlace> {
  let query = rowsAt(dataset)
    .select(['seq', 'blob', 'offset', 'length', 'line'])
    .orderBy('position')
    .orderBy('seq')
    .limit(CHUNK)
  if (split) query = query.where('split', '=', split)
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

/** The blobs that hold the rows of a revision. */
export async function blobsAt(dataset: DatasetRevision, split?: Split): Promise<string[]> {
  let query = rowsAt(dataset).select('blob').distinct().where('blob', 'is not', null)
  if (split) query = query.where('split', '=', split)
  return (await query.execute()).flatMap(({ blob }) => blob ?? [])
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

/** Records by `seq`, in the order of `seqs`. */
export async function rowsWith(seqs: readonly number[]): Promise<RowRecord[]> {
  if (seqs.length === 0) return []
  const rows = await studio().selectFrom('dataset_rows').selectAll().where('seq', 'in', seqs).execute()
  const known = new Map(rows.map((row) => [row.seq, row]))
  return seqs.flatMap((seq) => known.get(seq) ?? [])
}

/** SQL: a list of values, bound as one parameter. */
const among = (values: readonly (string | number)[]) =>
  sql<string & number>`(select value from json_each(${JSON.stringify(values)}))`

/** Which of these prompt hashes occur in a split. */
export async function promptsAmong(
  prompts: readonly number[],
  { datasetId, revision, split }: { datasetId: string; revision: number; split: Split },
): Promise<Set<number>> {
  const found = await rowsAt({ id: datasetId, revision })
    .select('prompt_hash')
    .distinct()
    .where('split', '=', split)
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
