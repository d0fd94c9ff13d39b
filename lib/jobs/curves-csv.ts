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

const line = (name: string, point: Point): string =>
  [name, ...COLUMNS.map(([, key]) => point[key] ?? '')].join(',')

/**
 * Every point of the jobs as CSV, one line per step and job, in full precision; a missing value is blank.
 * @throws AppError not_found
 */
export async function curvesCsv(jobIds: readonly string[]): Promise<{ name: string; csv: string }> {
  const jobs = await Promise.all(jobIds.map(viewJob))
  const parts = [['run', ...COLUMNS.map(([name]) => name)].join(',')]
  for (const job of jobs) {
    const name = csvCell(`${job.number} ${jobName(job)}`)
    for (const point of await curvePoints(job.id)) parts.push(line(name, point))
  }
  return { name: `${filesOf(jobs)}.csv`, csv: `${parts.join('\n')}\n` }
}
