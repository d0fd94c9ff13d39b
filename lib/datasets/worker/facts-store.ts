import 'server-only'
import type { DatabaseSync } from 'node:sqlite'
import { RULES_VERSION } from '#lib/training-data/facts.ts'
import type { DatasetReport, Figures } from '../schema.ts'
import { prepared, type Row } from './store.ts'

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
