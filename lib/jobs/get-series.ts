import { memoize } from '#lib/core/memoize.ts'
import { seriesOf } from './downsample.ts'
import type { Columns } from './metric-columns.ts'
import { columnsIn, pointsIn } from './points-store.ts'
import { type Point, type Series, SeriesQuery } from './series-schema.ts'
import { findJob } from './store.ts'
import { asPoint } from './sync-store.ts'

function numbers(list: readonly (number | null)[]): Float64Array {
  const column = new Float64Array(list.length)
  // Twenty times as fast as Float64Array.from with a function.
  for (let index = 0; index < list.length; index++) column[index] = list[index] ?? Number.NaN
  return column
}

async function columnsOf(jobId: string): Promise<Columns> {
  const read = await columnsIn(jobId)
  return {
    step: Int32Array.from(read.step as number[]),
    at: numbers(read.at),
    trainLoss: numbers(read.train_loss),
    validLoss: numbers(read.valid_loss),
    fullValidLoss: numbers(read.full_valid_loss),
    accuracy: numbers(read.accuracy),
    validAccuracy: numbers(read.valid_accuracy),
  }
}

/** Zooming asks for the same points again; every change of points changes the job. 6 MB at 100,000 steps. */
const recent = memoize<Columns>(4)

/**
 * A job's curve for a plot of a given width, or a part of it.
 * @throws AppError not_found
 */
export async function getSeries(jobId: string, query: SeriesQuery = {}): Promise<Series> {
  const { change } = await findJob(jobId)
  const columns = await recent(`${jobId} ${change}`, () => columnsOf(jobId))
  return seriesOf(columns, SeriesQuery.parse(query))
}

/** Every point of a job, in order of its steps. */
export const curvePoints = async (jobId: string): Promise<Point[]> => (await pointsIn(jobId)).map(asPoint)
