import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { MOVED_SINCE } from '../moved.ts'
import type { Split, StepKind } from '../schema.ts'
import { BEHIND, COLUMNS, type Row } from './store.ts'

/**
 * The SQL of steps and versions. Whoever writes does so inside a short transaction.
 *
 * SQLite keeps no statistics here and would walk through a whole dataset to find the few rows of a step: `indexed by`
 * tells it where they are. The index of beginnings leaves out revision 1, which no step is compared with from below.
 */

export interface DatasetState {
  revision: number
  /** A step is under way. */
  busy: boolean
  /** The revision at which a run first used the split; null while none does. */
  lockedAt: number | null
  deleted: boolean
}

export function stateOf(db: DatabaseSync, datasetId: string): DatasetState | null {
  const row = db
    .prepare('select revision, importing, split_locked, deleted_at from datasets where id = ?')
    .get(datasetId)
  if (!row) return null
  const { revision, importing, split_locked, deleted_at } = row
  return {
    revision: Number(revision),
    busy: importing !== null,
    lockedAt: split_locked === null ? null : Number(split_locked),
    deleted: deleted_at !== null,
  }
}

/** The revision at which a run first used the split; null while none does. */
export const lockedAt = (db: DatabaseSync, datasetId: string): number | null =>
  stateOf(db, datasetId)?.lockedAt ?? null

/** Whether a row stands on the other side of the split than it did at a revision. */
export const hasMoved = (db: DatabaseSync, datasetId: string, since: number): boolean =>
  db.prepare(MOVED_SINCE).get(datasetId, since, since, since) !== undefined

export const halfSteps = (db: DatabaseSync): { datasetId: string; revision: number }[] =>
  db
    .prepare('select id as datasetId, importing as revision from datasets where importing is not null')
    .all() as never

/** The newest step that is not taken back; a dataset's beginning and the undos themselves do not count. */
export const newestStep = (
  db: DatabaseSync,
  datasetId: string,
): { revision: number; kind: StepKind } | undefined =>
  db
    .prepare(
      `select revision, kind from dataset_steps as step
       where dataset_id = ? and kind not in ('undo', 'create') and not exists
         (select 1 from dataset_steps as undo where undo.dataset_id = step.dataset_id and undo.reverts = step.revision)
       order by revision desc limit 1`,
    )
    .get(datasetId) as never

/** A row that is another record at `to` than at `from`, or is there only once. */
export interface Pair {
  before: number | null
  after: number | null
  position: number
  /** The splits of both. */
  sides: [Split | null, Split | null]
  /** Both stand at the same place of the same file, or say the same words. */
  same: 0 | 1
  /** Both were read by the same rules, and have other words. */
  other: 0 | 1
}

const at = (alias: string, revision: string) =>
  `left join dataset_rows as ${alias} on ${alias}.dataset_id = :dataset and ${alias}.key = touched.key
     and ${alias}.since <= ${revision} and (${alias}.until is null or ${alias}.until > ${revision})`

/**
 * What differs between two revisions, in the order of lines.
 * @param touched only rows that a step of these revisions (first, last) has touched
 */
export function pairsBetween(
  db: DatabaseSync,
  dataset: string,
  { from, to }: { from: number; to: number },
  [first, last]: readonly [number, number] = [Math.min(from, to) + 1, Math.max(from, to)],
): Pair[] {
  // Read to the end within the turn: nobody can write through a handle that holds an old state open.
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
         coalesce(b.checked = a.checked and b.line_hash <> a.line_hash, 0) as other
       from touched ${at('b', ':from')} ${at('a', ':to')}
       where b.seq is not a.seq order by 3, coalesce(a.seq, b.seq)`,
    )
    .iterate({ dataset, from, to, first, last }) as IterableIterator<Record<string, unknown>>
  return Array.from(
    found,
    ({ before_split, after_split, ...pair }) => ({ ...pair, sides: [before_split, after_split] }) as Pair,
  )
}

const listed = '(select value from json_each(?))'
const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
const CONTENT = COLUMNS.filter((name) => name !== 'since' && name !== 'until')
const UNSPLIT = CONTENT.filter((name) => name !== 'split')

/** Begins records with the content of others, in their order. */
export function copyRecords(db: DatabaseSync, seqs: readonly number[], since: number): void {
  db.prepare(
    `insert into dataset_rows (${quoted(CONTENT)}, since) select ${quoted(CONTENT)}, ?
     from dataset_rows where seq in ${listed} order by position, seq`,
  ).run(since, JSON.stringify(seqs))
}

/** Puts rows onto one side of the split. */
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

/** Records by their own numbers, in the order of lines. */
export const recordsWith = (db: DatabaseSync, seqs: readonly number[]): Row[] =>
  db
    .prepare(`select * from dataset_rows where seq in ${listed} order by position, seq`)
    .all(JSON.stringify(seqs)) as unknown as Row[]

/** The line of the first row that a step began; null when it began none. */
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
      `select count(*) as lines from dataset_rows where dataset_id = ? and position <= ?
       and since <= ? and (until is null or until > ?)`,
    )
    .get(datasetId, found.first, revision, revision)
  return Number(lines?.lines)
}

/** The smallest position of any record behind a position, of one that is gone too: it may come back. */
export function nextPosition(db: DatabaseSync, datasetId: string, position: number): number | null {
  const row = db
    .prepare('select min(position) as next from dataset_rows where dataset_id = ? and position > ?')
    .get(datasetId, position)
  return row?.next == null ? null : Number(row.next)
}

/** Records read in one go, and nothing of them but their numbers. */
const CHUNK = 10_000

/** The records of a revision in the order of lines. */
export function* seqsAt(db: DatabaseSync, datasetId: string, revision: number): Generator<number> {
  const statement = db.prepare(
    `select seq from dataset_rows where dataset_id = ? and since <= ? and (until is null or until > ?)
     and (position, seq) > ${BEHIND} order by position, seq limit ${CHUNK}`,
  )
  let last = 0
  for (;;) {
    const rows = statement.all(datasetId, revision, revision, last, last) as { seq: number }[]
    for (const { seq } of rows) yield seq
    const end = rows.at(-1)
    if (!end || rows.length < CHUNK) return
    last = end.seq
  }
}

export interface NewVersion {
  id: string
  datasetId: string
  revision: number
  name: string | null
  note: string | null
  sha256: string
  trainRows: number
  heldoutRows: number
  tokens: number
}

/**
 * Keeps a version. The newest one stands for the same data as well: it then moves on to this revision, and takes
 * the new name and note, if there are any.
 * @returns the version's id
 */
export function keepVersion(db: DatabaseSync, version: NewVersion): string {
  const { id, datasetId, revision, name, note, sha256, trainRows, heldoutRows, tokens } = version
  const newest = db
    .prepare(
      'select id, number, sha256 from dataset_versions where dataset_id = ? order by number desc limit 1',
    )
    .get(datasetId)
  if (newest?.sha256 === sha256) {
    db.prepare(
      `update dataset_versions set revision = max(revision, ?), name = coalesce(?, name), note = coalesce(?, note)
       where id = ?`,
    ).run(revision, name, note, newest.id as string)
    return String(newest.id)
  }
  db.prepare(
    `insert into dataset_versions
       (id, dataset_id, number, revision, name, note, sha256, train_rows, heldout_rows, tokens, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    datasetId,
    Number(newest?.number ?? 0) + 1,
    revision,
    name,
    note,
    sha256,
    trainRows,
    heldoutRows,
    tokens,
    Date.now(),
  )
  return id
}
