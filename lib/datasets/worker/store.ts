import 'server-only'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DatasetRowsTable } from '#lib/db/tables.ts'
import { inRevisionSql, REJECTED } from '../revision-sql.ts'
import type { Split } from '../schema.ts'

/** A record of `dataset_rows`. */
export type Row = Omit<DatasetRowsTable, 'seq'> & { seq: number }
/** A record to write. */
export type NewRow = Omit<DatasetRowsTable, 'seq'>

/** Columns that are filled when the line is checked. */
export const FACT_COLUMNS = [
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
  ...FACT_COLUMNS,
  'review',
  'tags_json',
  'note',
] as const satisfies (keyof NewRow)[]

const names = COLUMNS.map((name) => `"${name}"`).join(', ')

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>()

/** Prepares each statement once: statements left to the garbage collector stay in memory for long. */
export function prepared(db: DatabaseSync, text: string): StatementSync {
  const known = statements.get(db) ?? new Map<string, StatementSync>()
  statements.set(db, known)
  const statement = known.get(text) ?? db.prepare(text)
  known.set(text, statement)
  return statement
}

/** A transaction within one turn: the tasks of the worker share one handle. */
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

/** Inserts records, inside the caller's transaction. */
export function insertRows(db: DatabaseSync, rows: readonly NewRow[]): void {
  const statement = prepared(
    db,
    `insert into dataset_rows (${names}) values (${COLUMNS.map(() => '?').join(', ')})`,
  )
  for (const row of rows) statement.run(...COLUMNS.map((name) => row[name]))
}

/** Rows read by one statement: an open cursor would block checkpoints of the write-ahead log. */
const CHUNK = 2_000

/** SQL: records of revision `?2` of dataset `?1`, in order, after record `?3`; 0: from the start. */
export const ROWS_BEHIND = `from dataset_rows where dataset_id = ?1 and ${inRevisionSql('?2')}
  and (position, seq) > (coalesce((select position from dataset_rows where seq = ?3), -9e999), ?3)
  order by position, seq`

/**
 * The rows of a dataset at a revision, in order. Read in chunks, so that a task can yield and write in between. Each chunk
 * continues after the last row by its current position: positions may be renumbered meanwhile, but their order stays.
 */
export function* eachRowAt(db: DatabaseSync, datasetId: string, revision: number): Generator<Row> {
  const statement = prepared(db, `select seq, ${names} ${ROWS_BEHIND} limit ${CHUNK}`)
  let last = 0
  for (;;) {
    const rows = statement.all(datasetId, revision, last) as unknown as Row[]
    yield* rows
    const end = rows.at(-1)
    if (!end || rows.length < CHUNK) return
    last = end.seq
  }
}

/** Line `number` of a dataset, from 1. */
export const rowOfLine = (
  db: DatabaseSync,
  datasetId: string,
  revision: number,
  number: number,
): Row | undefined =>
  prepared(
    db,
    `select seq, ${names} from dataset_rows where dataset_id = ?1 and ${inRevisionSql('?2')}
       order by position, seq limit 1 offset ?3`,
  ).get(datasetId, revision, Math.max(0, number - 1)) as unknown as Row | undefined

export function lastPosition(db: DatabaseSync, datasetId: string): number {
  const row = prepared(db, 'select max(position) as last from dataset_rows where dataset_id = ?').get(
    datasetId,
  )
  return Number(row?.last ?? 0)
}

/** Whether a row is sent with its split: a rejected row is not, nor is it checked. */
export const isSent = ({ review }: Pick<Row, 'review'>): boolean => review !== REJECTED

export const splitOf = (row: Row): Split => (row.split === 'heldout' ? 'heldout' : 'train')
