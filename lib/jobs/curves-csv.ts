import { csvCell } from '#lib/core/csv.ts'
import { curvePoints } from './get-series.ts'
import { filesOf, jobName } from './job-name.ts'
import { viewJob } from './list.ts'
import type { Point } from './series-schema.ts'

const COLUMNS: readonly (readonly [string, keyof Point])[] = [
  ['step', 'step'],
  ['train_loss', 'trainLoss'],
  ['valid_loss', 'validLoss'],
  ['full_valid_loss', 'fullValidLoss'],
  ['train_accuracy', 'accuracy'],
  ['valid_accuracy', 'validAccuracy'],
  ['full_valid_accuracy', 'fullValidAccuracy'],
]

const HEADER = COLUMNS.map(([name]) => name)

const cells = (point: Point) => COLUMNS.map(([, key]) => point[key] ?? '')

const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.join(',')}\n`).join('')

/** The points of one curve as CSV, in full precision; a missing value is blank. */
export const curveCsv = (points: readonly Point[]): string => csv([HEADER, ...points.map(cells)])

/**
 * Every point of the jobs as CSV, one line per step and job, in full precision; a missing value is blank.
 * @throws AppError not_found
 */
export async function curvesCsv(jobIds: readonly string[]): Promise<{ name: string; csv: string }> {
  const jobs = await Promise.all(jobIds.map(viewJob))
  const rows: (string | number)[][] = [['run', ...HEADER]]
  for (const job of jobs) {
    const name = csvCell(`${job.number} ${jobName(job)}`)
    for (const point of await curvePoints(job.id)) rows.push([name, ...cells(point)])
  }
  return { name: `${filesOf(jobs)}.csv`, csv: csv(rows) }
}
