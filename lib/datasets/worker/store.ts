import 'server-only'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DatasetRowsTable } from '#lib/db/tables.ts'
import { RULES_VERSION } from '#lib/training-data/facts.ts'
import type { DatasetReport, Figures, Split } from '../schema.ts'

/** A record of `dataset_rows`, as it is read. */
export type Row = Omit<DatasetRowsTable, 'seq'> & { seq: number }
/** One that is about to be written. */
export type NewRow = Omit<DatasetRowsTable, 'seq'>

export const COLUMNS = [
  'key',
  'dataset_id',
  'position',
  'split',
  'blob',
  'offset',
  'length',
  'line',
  'since',
  'until',
  'checked',
  'kind',
  'tokens',
  'trained_tokens',
  'flags',
  'language',
  'line_hash',
  'prompt_hash',
  'answer_hash',
  'system_hash',
  'sketch',
  'issues_json',
] as const satisfies (keyof NewRow)[]

const names = COLUMNS.map((name) => `"${name}"`).join(', ')

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>()

/** A statement prepared once for its text: what is left to the garbage collector stays in memory for long. */
function prepared(db: DatabaseSync, text: string): StatementSync {
  const known = statements.get(db) ?? new Map<string, StatementSync>()
  statements.set(db, known)
  const statement = known.get(text) ?? db.prepare(text)
  known.set(text, statement)
  return statement
}

/** A transaction of one turn: the tasks of the worker share one handle. */
export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('begin immediate')
  try {
    const result = work()
    db.exec('commit')
    return result
  } catch (thrown) {
    // A full disk has rolled back already.
    if (db.isTransaction) db.exec('rollback')
    throw thrown
  }
}

/** Writes records, one statement prepared for all of them. Inside a transaction of the caller. */
export function insertRows(db: DatabaseSync, rows: readonly NewRow[]): void {
  const statement = prepared(
    db,
    `insert into dataset_rows (${names}) values (${COLUMNS.map(() => '?').join(', ')})`,
  )
  for (const row of rows) statement.run(...COLUMNS.map((name) => row[name]))
}

/** Rows read in one go: a read that stays open would keep the log from being folded into the database. */
const CHUNK = 2_000

/** The place of a record, to go on behind it; of none, the beginning. */
export const BEHIND = '(coalesce((select position from dataset_rows where seq = ?), -9e999), ?)'

/**
 * The rows of a dataset as they were at a revision, in order. Read in chunks, so that a task may give way and
 * write in between. Each chunk begins behind the row that ended the last one, wherever that stands by now: positions
 * may be numbered anew meanwhile, their order stays.
 */
export function* rowsAt(db: DatabaseSync, datasetId: string, revision: number): Generator<Row> {
  const statement = prepared(
    db,
    `select seq, ${names} from dataset_rows
     where dataset_id = ? and since <= ? and (until is null or until > ?) and (position, seq) > ${BEHIND}
     order by position, seq limit ${CHUNK}`,
  )
  let last = 0
  for (;;) {
    const rows = statement.all(datasetId, revision, revision, last, last) as unknown as Row[]
    yield* rows
    const end = rows.at(-1)
    if (!end || rows.length < CHUNK) return
    last = end.seq
  }
}

/** Line `number` of a dataset, from 1. */
export const rowAt = (
  db: DatabaseSync,
  datasetId: string,
  revision: number,
  number: number,
): Row | undefined =>
  prepared(
    db,
    `select seq, ${names} from dataset_rows
       where dataset_id = ? and since <= ? and (until is null or until > ?)
       order by position, seq limit 1 offset ?`,
  ).get(datasetId, revision, revision, Math.max(0, number - 1)) as unknown as Row | undefined

/**
 * Whether a row stands in a blob, or may soon: another import may have kept the same bytes a moment ago.
 * @param ended datasets whose import is over, also when they never came to be; what such an import has written and a
 * full disk has not let go yet is no row
 */
export function isUsed(db: DatabaseSync, blob: string, ended: readonly string[] = []): boolean {
  const list = JSON.stringify(ended)
  return (
    prepared(
      db,
      `select 1 from datasets where (importing is not null or revision = 0)
         and id not in (select value from json_each(?)) limit 1`,
    ).get(list) !== undefined ||
    prepared(
      db,
      `select 1 from dataset_rows where blob = ? and not
         (dataset_id in (select value from json_each(?)) and
          since > (select revision from datasets where id = dataset_id)) limit 1`,
    ).get(blob, list) !== undefined
  )
}

export function lastPosition(db: DatabaseSync, datasetId: string): number {
  const row = prepared(db, 'select max(position) as last from dataset_rows where dataset_id = ?').get(
    datasetId,
  )
  return Number(row?.last ?? 0)
}

/** What is kept of reading a line, for records that were not read yet or by older rules. */
export function keepFacts(db: DatabaseSync, rows: readonly Row[]): void {
  const statement = prepared(
    db,
    `update dataset_rows set checked = ?, kind = ?, tokens = ?, trained_tokens = ?, flags = ?, language = ?,
     line_hash = ?, prompt_hash = ?, answer_hash = ?, system_hash = ?, sketch = ?, issues_json = ? where seq = ?`,
  )
  for (const row of rows) {
    statement.run(
      row.checked,
      row.kind,
      row.tokens,
      row.trained_tokens,
      row.flags,
      row.language,
      row.line_hash,
      row.prompt_hash,
      row.answer_hash,
      row.system_hash,
      row.sketch,
      row.issues_json,
      row.seq,
    )
  }
}

/** Kept only if the dataset is still the one that was checked, and good for as long as these rules are. */
export function keepReport(
  db: DatabaseSync,
  datasetId: string,
  revision: number,
  { report, figures }: { report: DatasetReport; figures: Figures },
): void {
  prepared(
    db,
    `update datasets set report_json = ?, summary_json = ?, summary_revision = ? where id = ? and revision = ?`,
  ).run(
    JSON.stringify(report),
    JSON.stringify({ ...figures, rules: RULES_VERSION }),
    revision,
    datasetId,
    revision,
  )
}

export const splitOf = (row: Row): Split => (row.split === 'heldout' ? 'heldout' : 'train')

interface StepRecord {
  datasetId: string
  kind: string
  expected?: number
  reverts?: number
}

/**
 * Reserves the next revision of a dataset.
 * @returns the revision that it has now
 */
export function beginStep(
  db: DatabaseSync,
  { datasetId, expected }: StepRecord,
  refuse: (reason: 'missing' | 'busy' | 'changed') => never,
): number {
  const found = prepared(db, 'select revision, importing from datasets where id = ?').get(datasetId)
  if (!found) refuse('missing')
  const { revision, importing } = found as { revision: number; importing: number | null }
  if (importing !== null) refuse('busy')
  if (expected !== undefined && expected !== revision) refuse('changed')
  prepared(db, 'update datasets set importing = ? where id = ?').run(revision + 1, datasetId)
  return revision
}

/** From here on the step is there. */
export function finishStep(
  db: DatabaseSync,
  { datasetId, kind, reverts = null }: Omit<StepRecord, 'reverts'> & { reverts?: number | null },
  { revision, rows, now }: { revision: number; rows: number; now: number },
): void {
  prepared(
    db,
    `update datasets set revision = ?, importing = null, updated_at = ?, lines =
       (select count(*) from dataset_rows
        where dataset_id = datasets.id and since <= ? and (until is null or until > ?))
     where id = ?`,
  ).run(revision, now, revision, revision, datasetId)
  prepared(
    db,
    'insert into dataset_steps (dataset_id, revision, kind, rows, reverts, created_at) values (?, ?, ?, ?, ?, ?)',
  ).run(datasetId, revision, kind, rows, reverts, now)
}

/** Rows taken away in one statement: short enough for whoever waits. */
const SWEPT = 2_000

/** Takes back what a step has written so far. */
export async function sweepStep(db: DatabaseSync, datasetId: string, revision: number): Promise<void> {
  // The rows that a dataset began with are in no index of beginnings; they are all that there are.
  const those = revision > 1 ? 'indexed by dataset_rows_since where since > 1 and' : 'where'
  const gone = prepared(
    db,
    `delete from dataset_rows where seq in
     (select seq from dataset_rows ${those} dataset_id = ? and since = ? limit ${SWEPT})`,
  )
  const back = prepared(
    db,
    `update dataset_rows set until = null where seq in
     (select seq from dataset_rows where dataset_id = ? and until = ? limit ${SWEPT})`,
  )
  for (const statement of [gone, back]) {
    while (Number(statement.run(datasetId, revision).changes) > 0) await nextTurn()
  }
  prepared(db, 'update datasets set importing = null where id = ?').run(datasetId)
}

/** Takes a deleted dataset out of everybody's sight: at revision 0 the next start takes away what is left of it. */
export const hideDeleted = (db: DatabaseSync, datasetId: string): boolean =>
  prepared(
    db,
    'update datasets set revision = 0 where id = ? and deleted_at is not null and importing is null',
  ).run(datasetId).changes === 1

export const blobsOf = (db: DatabaseSync, datasetId: string): string[] =>
  prepared(db, 'select distinct blob from dataset_rows where dataset_id = ? and blob is not null')
    .all(datasetId)
    .map(({ blob }) => String(blob))

/** @returns whether there may be more */
export const deleteRows = (db: DatabaseSync, datasetId: string): boolean =>
  prepared(
    db,
    `delete from dataset_rows where seq in (select seq from dataset_rows where dataset_id = ? limit ${SWEPT})`,
  ).run(datasetId).changes === SWEPT

/**
 * Takes away a dataset whose rows are gone, with its steps and versions. Of a sample an empty deleted one stays, under
 * no name: the next start must not make it again.
 */
export function dropDataset(db: DatabaseSync, datasetId: string): void {
  const left = ['dataset_steps', 'dataset_versions'].map(
    (table) => `delete from ${table} where dataset_id = ?`,
  )
  for (const statement of left) prepared(db, statement).run(datasetId)
  prepared(
    db,
    `update datasets set name = '', revision = 1, lines = 0, report_json = null, summary_json = null,
       summary_revision = null, split_locked = null where id = ? and sample is not null`,
  ).run(datasetId)
  prepared(db, 'delete from datasets where id = ? and sample is null').run(datasetId)
}
