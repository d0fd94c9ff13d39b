import type { Issue, RuleId, Severity } from '../issue.ts'
import type { Rows } from './rows.ts'

/** Reports an issue of a row; default severity: warning. */
export type TellRow = (row: number, rule: RuleId, values: Issue['values'], severity?: Severity) => void

/** One way to compare the rows of a file, in line order. */
export type Comparison = (rows: Rows, tell: TellRow) => void

/** The rows for which `which` is true, in order. */
export function* rowsThat(rows: Rows, which: (row: number) => boolean): Generator<number> {
  for (let row = 0; row < rows.count; row++) if (which(row)) yield row
}
