import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { RULES_VERSION } from '#lib/training-data/facts.ts'
import type { DatasetReport, Figures } from '../schema.ts'
import { FACT_COLUMNS, prepared, type Row } from './store.ts'

/** Stores the facts of lines that were unchecked, or checked by older rules. */
export function keepFacts(db: DatabaseSync, rows: readonly Row[]): void {
  const facts = FACT_COLUMNS.map((name) => `"${name}" = ?`).join(', ')
  const statement = prepared(db, `update dataset_rows set ${facts} where seq = ?`)
  for (const row of rows) statement.run(...FACT_COLUMNS.map((name) => row[name]), row.seq)
}

/** Stores a report unless the dataset has changed since; it is valid for this version of the rules. */
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
