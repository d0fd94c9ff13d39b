import 'server-only'
import { type Insertable, type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type PointRecord = Selectable<StudioTables['job_points']>
export type NewPoint = Insertable<StudioTables['job_points']>

/** SQLite takes 32,766 bound values a statement; eleven a point. */
const BATCH = 1_000

/**
 * Later values of a step fill in and replace earlier ones: a step that is trained again has its last loss, whether it
 * is a number or not.
 */
export async function keepPoints(points: readonly NewPoint[], db: Db): Promise<void> {
  for (let from = 0; from < points.length; from += BATCH) {
    await db
      .insertInto('job_points')
      .values(points.slice(from, from + BATCH))
      .onConflict((conflict) =>
        conflict.columns(['job_id', 'step']).doUpdateSet({
          at: sql`coalesce(job_points.at, excluded.at)`,
          event_id: sql`coalesce(excluded.event_id, job_points.event_id)`,
          train_loss: sql`iif(excluded.not_a_number, null, coalesce(excluded.train_loss, job_points.train_loss))`,
          not_a_number: sql`iif(excluded.train_loss is null, coalesce(excluded.not_a_number, job_points.not_a_number), null)`,
          valid_loss: sql`coalesce(excluded.valid_loss, job_points.valid_loss)`,
          full_valid_loss: sql`coalesce(excluded.full_valid_loss, job_points.full_valid_loss)`,
          accuracy: sql`coalesce(excluded.accuracy, job_points.accuracy)`,
          valid_accuracy: sql`coalesce(excluded.valid_accuracy, job_points.valid_accuracy)`,
          full_valid_accuracy: sql`coalesce(excluded.full_valid_accuracy, job_points.full_valid_accuracy)`,
        }),
      )
      .execute()
  }
}

/** A job's points in order of their steps, all of them or a range with both ends. */
export const pointsIn = (jobId: string, from?: number, to?: number): Promise<PointRecord[]> =>
  studio()
    .selectFrom('job_points')
    .selectAll()
    .where('job_id', '=', jobId)
    .$if(from !== undefined, (query) => query.where('step', '>=', from ?? 0))
    .$if(to !== undefined, (query) => query.where('step', '<=', to ?? 0))
    .orderBy('step')
    .execute()

const COLUMNS = [
  'step',
  'at',
  'train_loss',
  'valid_loss',
  'full_valid_loss',
  'accuracy',
  'valid_accuracy',
] as const

/**
 * A job's points in order of their steps, one list per column: SQLite writes each as JSON. A hundred thousand steps are
 * read in a tenth of the time that as many row objects take.
 */
export async function columnsIn(jobId: string): Promise<Record<(typeof COLUMNS)[number], (number | null)[]>> {
  const lists = COLUMNS.map((name) => sql`json_group_array(${sql.ref(name)}) as ${sql.ref(name)}`)
  const { rows } = await sql<Record<(typeof COLUMNS)[number], string>>`
    select ${sql.join(lists)} from (
      select ${sql.join(COLUMNS.map((name) => sql.ref(name)))} from job_points
      where job_id = ${jobId} order by step
    )`.execute(studio())
  const list = (name: (typeof COLUMNS)[number]) => JSON.parse(rows[0]?.[name] ?? '[]')
  return Object.fromEntries(COLUMNS.map((name) => [name, list(name)])) as Record<
    (typeof COLUMNS)[number],
    (number | null)[]
  >
}
