import { csvCell } from '#lib/core/csv.ts'
import { curvePoints } from './get-series.ts'
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
export async function curvesCsv(jobIds: readonly string[]): Promise<string> {
  const parts = [['run', ...COLUMNS.map(([name]) => name)].join(',')]
  for (const jobId of jobIds) {
    const { number, suffix, datasetName } = await viewJob(jobId)
    const name = csvCell(`${number} ${suffix || datasetName || ''}`.trim())
    for (const point of await curvePoints(jobId)) parts.push(line(name, point))
  }
  return `${parts.join('\n')}\n`
}
