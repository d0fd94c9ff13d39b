import type { Point } from './series-schema.ts'
import 'server-only'
import { sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { NewPoint, PointRecord } from './points-store.ts'

const MEASURES = [
  'train_loss',
  'valid_loss',
  'full_valid_loss',
  'accuracy',
  'valid_accuracy',
  'full_valid_accuracy',
] as const

export const asRecord = (
  jobId: string,
  point: Point,
  eventId: string | null,
  notANumber = false,
): NewPoint => ({
  job_id: jobId,
  step: point.step,
  at: point.at,
  event_id: eventId,
  train_loss: point.trainLoss,
  valid_loss: point.validLoss,
  full_valid_loss: point.fullValidLoss,
  accuracy: point.accuracy,
  valid_accuracy: point.validAccuracy,
  full_valid_accuracy: point.fullValidAccuracy,
  not_a_number: notANumber ? 1 : null,
})

export const asPoint = (row: PointRecord): Point => ({
  step: row.step,
  at: row.at,
  trainLoss: row.train_loss,
  validLoss: row.valid_loss,
  fullValidLoss: row.full_valid_loss,
  accuracy: row.accuracy,
  validAccuracy: row.valid_accuracy,
  fullValidAccuracy: row.full_valid_accuracy,
})

export const pointAt = (
  jobId: string,
  step: number | null,
  db: Db = studio(),
): Promise<PointRecord | undefined> =>
  db
    .selectFrom('job_points')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('step', '=', step ?? -1)
    .executeTakeFirst()

/** Points of a rounded source, a result file: they fill gaps and never change what an event reported in full. */
export async function fillPoints(jobId: string, points: readonly Point[], db: Db): Promise<void> {
  // SQLite takes 32,766 bound values a statement; eleven a point.
  for (let from = 0; from < points.length; from += 1_000) {
    const rows = points.slice(from, from + 1_000).map((point) => asRecord(jobId, point, null))
    await db
      .insertInto('job_points')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['job_id', 'step']).doUpdateSet(({ fn, ref }) => {
          const filled = MEASURES.map((name) => [
            name,
            fn.coalesce(ref(`job_points.${name}`), ref(`excluded.${name}`)),
          ])
          return Object.fromEntries(filled)
        }),
      )
      .execute()
  }
}

/** Steps whose training loss is known. */
export async function lossCount(jobId: string): Promise<number> {
  const { count } = await studio()
    .selectFrom('job_points')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('job_id', '=', jobId)
    .where('train_loss', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Losses in the list's small chart, at most. */
const SPARKLINE = 64

/** Ends of at most `SPARKLINE` equal stretches of the steps 1 to `last`, each with the end before it. */
const stretches = (last: number): [number, number][] => {
  const count = Math.min(SPARKLINE, last)
  const end = (index: number) => Math.ceil((index * last) / count)
  // Some servers count steps from zero.
  return Array.from({ length: count }, (_, index) => [index === 0 ? -1 : end(index), end(index + 1)])
}

/**
 * At most 64 training losses for a chart of a hundred pixels: the last of each equal stretch of steps. One index lookup
 * each, however long the job is.
 */
export async function sparklineOf(jobId: string, last: number, db: Db): Promise<number[]> {
  if (last < 0) return []
  const edges = sql.join(stretches(Math.max(1, last)).map(([low, high]) => sql`(${low}, ${high})`))
  const { rows } = await sql<{ loss: number | null }>`
    with edges(low, high) as (values ${edges})
    select (
      select train_loss from job_points
      where job_id = ${jobId} and step > low and step <= high and train_loss is not null
      order by step desc limit 1
    ) as loss
    from edges order by high`.execute(db)
  return rows.flatMap(({ loss }) => loss ?? [])
}
