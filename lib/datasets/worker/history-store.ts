import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { inRevisionSql, REJECTED } from '../revision-sql.ts'
import type { Split } from '../schema.ts'
import { COLUMNS, ROWS_BEHIND, type Row } from './store.ts'

/**
 * The records that steps began and ended. Callers write inside a short transaction.
 *
 * SQLite has no statistics here and would scan a whole dataset to find the few rows of a step: `indexed by` forces the
 * index. The index on `since` leaves out revision 1, which is never compared with an earlier one.
 */

/** A row whose record at `to` differs from that at `from`, or that exists at only one of them. */
export interface Pair {
  before: number | null
  after: number | null
  position: number
  /** Split of each. */
  sides: [Split | null, Split | null]
  /** Both have the same place in the same file, or the same text. */
  same: 0 | 1
  /** Both were checked by the same rules, and their hashes differ. */
  other: 0 | 1
  /** Whether each is sent with its split. */
  sent: [boolean, boolean]
  /** The state, the tags or the note differ. */
  marked: 0 | 1
}

const at = (alias: string, revision: string) =>
  `left join dataset_rows as ${alias} on ${alias}.dataset_id = :dataset and ${alias}.key = touched.key
     and ${inRevisionSql(revision, alias)}`

/**
 * Differences between two revisions, in line order.
 * @param touched only rows changed by steps of these revisions (first, last)
 */
export function pairsBetween(
  db: DatabaseSync,
  dataset: string,
  { from, to }: { from: number; to: number },
  [first, last]: readonly [number, number] = [Math.min(from, to) + 1, Math.max(from, to)],
): Pair[] {
  // Read to the end within the turn: an open cursor would block writes of other tasks.
  const found = db
    .prepare(
      `with touched as (
         select key from dataset_rows indexed by dataset_rows_since
           where dataset_id = :dataset and since > 1 and since between :first and :last
         union select key from dataset_rows indexed by dataset_rows_until
           where dataset_id = :dataset and until between :first and :last
       )
       select b.seq as before, a.seq as after, coalesce(a.position, b.position) as position,
         b.split as before_split, a.split as after_split,
         b.seq is not null and a.seq is not null and b.blob is a.blob and b.line is a.line
           and b."offset" is a."offset" and b.length is a.length as same,
         coalesce(b.checked = a.checked and b.line_hash <> a.line_hash, 0) as other,
         b.review as before_review, a.review as after_review,
         not (b.review is a.review and b.tags_json is a.tags_json and b.note is a.note) as marked
       from touched ${at('b', ':from')} ${at('a', ':to')}
       where b.seq is not a.seq order by 3, coalesce(a.seq, b.seq)`,
    )
    .iterate({ dataset, from, to, first, last }) as IterableIterator<Record<string, unknown>>
  return Array.from(
    found,
    ({ before_split, after_split, before_review, after_review, ...pair }) =>
      ({
        ...pair,
        sides: [before_split, after_split],
        sent: [before_review !== REJECTED, after_review !== REJECTED],
      }) as Pair,
  )
}

const listed = '(select value from json_each(?))'
const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
const CONTENT = COLUMNS.filter((name) => name !== 'since' && name !== 'until')
const UNSPLIT = CONTENT.filter((name) => name !== 'split')

/** Inserts copies of records, in their order. */
export function copyRecords(db: DatabaseSync, seqs: readonly number[], since: number): void {
  db.prepare(
    `insert into dataset_rows (${quoted(CONTENT)}, since) select ${quoted(CONTENT)}, ?
     from dataset_rows where seq in ${listed} order by position, seq`,
  ).run(since, JSON.stringify(seqs))
}

/** Moves rows to a split. */
export function moveRecords(db: DatabaseSync, seqs: readonly number[], split: Split, since: number): void {
  const list = JSON.stringify(seqs)
  db.prepare(
    `insert into dataset_rows (${quoted(UNSPLIT)}, split, since) select ${quoted(UNSPLIT)}, ?, ?
     from dataset_rows where seq in ${listed} order by position, seq`,
  ).run(split, since, list)
  endRecords(db, seqs, since)
}

export function endRecords(db: DatabaseSync, seqs: readonly number[], until: number): void {
  db.prepare(`update dataset_rows set until = ? where seq in ${listed}`).run(until, JSON.stringify(seqs))
}

/** Records by `seq`, in line order. */
export const recordsWith = (db: DatabaseSync, seqs: readonly number[]): Row[] =>
  db
    .prepare(`select * from dataset_rows where seq in ${listed} order by position, seq`)
    .all(JSON.stringify(seqs)) as unknown as Row[]

/** Records of rows at a revision by the rows' stable ids, in line order. */
export const recordsOf = (
  db: DatabaseSync,
  datasetId: string,
  revision: number,
  keys: readonly string[],
): Row[] =>
  db
    .prepare(
      `select * from dataset_rows indexed by dataset_rows_key
       where dataset_id = ?1 and key in (select value from json_each(?3)) and ${inRevisionSql('?2')}
       order by position, seq`,
    )
    .all(datasetId, revision, JSON.stringify(keys)) as unknown as Row[]

/** Line of the first row that a step wrote; null: none. */
export function firstLineOf(db: DatabaseSync, datasetId: string, revision: number): number | null {
  const found = db
    .prepare(
      `select min(position) as first from dataset_rows indexed by dataset_rows_since
       where dataset_id = ? and since > 1 and since = ?`,
    )
    .get(datasetId, revision)
  if (found?.first == null) return null
  const lines = db
    .prepare(
      `select count(*) as lines from dataset_rows
       where dataset_id = ?1 and position <= ?3 and ${inRevisionSql('?2')}`,
    )
    .get(datasetId, revision, found.first)
  return Number(lines?.lines)
}

/** The next position of any record, also of an ended one, since an undo may restore it. */
export function nextPosition(db: DatabaseSync, datasetId: string, position: number): number | null {
  const row = db
    .prepare('select min(position) as next from dataset_rows where dataset_id = ? and position > ?')
    .get(datasetId, position)
  return row?.next == null ? null : Number(row.next)
}

/** Record numbers read by one statement. */
const CHUNK = 10_000

/** `seq` of the records of a revision, in line order. */
export function* seqsAt(db: DatabaseSync, datasetId: string, revision: number): Generator<number> {
  const statement = db.prepare(`select seq ${ROWS_BEHIND} limit ${CHUNK}`)
  let last = 0
  for (;;) {
    const rows = statement.all(datasetId, revision, last) as { seq: number }[]
    for (const { seq } of rows) yield seq
    const end = rows.at(-1)
    if (!end || rows.length < CHUNK) return
    last = end.seq
  }
}
