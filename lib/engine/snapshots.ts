import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Kysely, Selectable } from 'kysely'
import { newId, randomText } from '#lib/core/ids.ts'
import { type Draft, metricsOnWire } from './events.ts'
import { cleanSuffix } from './job-request.ts'
import type { JobRow } from './job-wire.ts'
import { copies } from './jobs.ts'
import { onlyForResuming } from './model/manifest.ts'
import { rootOf } from './models.ts'
import { type Disk, remove, removeUnknown } from './storage.ts'
import type { CheckpointsTable, EngineTables } from './tables.ts'
import type { TrainerReport } from './worker/protocol.ts'

type Db = Kysely<EngineTables>
type CheckpointRow = Selectable<CheckpointsTable>

/** A job's checkpoints, the furthest first. */
export const checkpointsOf = (db: Db, job: string): Promise<CheckpointRow[]> =>
  db.selectFrom('checkpoints').selectAll().where('job_id', '=', job).orderBy('step', 'desc').execute()

/** A folder the trainer has finished. It has no name yet, so nobody else sees it. */
export async function noteCheckpoint(
  db: Db,
  job: string,
  { step, folder, metrics }: Extract<TrainerReport, { kind: 'checkpoint' }>,
): Promise<void> {
  await db
    .insertInto('checkpoints')
    .values({
      id: newId('ftckpt_'),
      job_id: job,
      step,
      folder: path.basename(folder),
      model: null,
      metrics_json: JSON.stringify({ step, ...metricsOnWire(metrics) }),
      created_at: Date.now(),
      final: 0,
    })
    .onConflict((conflict) => conflict.columns(['job_id', 'step']).doNothing())
    .execute()
}

/** Gives a checkpoint its public name, whose last part is its own: it tells nothing of the final model's. */
async function name(db: Db, { id }: CheckpointRow, model: string, final: boolean): Promise<string> {
  await db
    .updateTable('checkpoints')
    .set({ model, final: Number(final) })
    .where('id', '=', id)
    .execute()
  return model
}

const freshName = ({ model, suffix }: JobRow): string =>
  `ft:${rootOf(model)}:limerick:${cleanSuffix(suffix)}:${randomText(8)}`

/** The last checkpoint becomes the job's model. @returns its name */
export const nameModel = (db: Db, job: JobRow, row: CheckpointRow): Promise<string> =>
  name(db, row, freshName(job), true)

/** An earlier checkpoint becomes a model of its own. @returns the event that says so */
export async function nameSnapshot(db: Db, job: JobRow, row: CheckpointRow): Promise<Draft> {
  const model = await name(db, row, `${freshName(job)}:ckpt-step-${row.step}`, false)
  const message = `Checkpoint created at step ${row.step} with Snapshot ID: ${model}`
  return { topic: `checkpoint:${row.step}`, message }
}

export async function forgetUnnamed(db: Db, job: string): Promise<void> {
  await db.deleteFrom('checkpoints').where('job_id', '=', job).where('model', 'is', null).execute()
}

/** A job that has ended leaves its named checkpoints on the disk, and of these what is needed to use them. */
export async function tidy(db: Db, disk: Disk, job: string): Promise<void> {
  const kept = await checkpointsOf(db, job)
  for (const { folder } of kept)
    for (const file of onlyForResuming) await remove(path.join(disk.job(job), folder, file))
  await removeUnknown(disk.job(job), new Set(kept.map(({ folder }) => folder)))
}

/** At the start: a death may have come between a job's end and its tidying. */
export async function tidyEnded(db: Db, disk: Disk): Promise<void> {
  const ended = await db.selectFrom('jobs').select('id').where('finished_at', 'is not', null).execute()
  for (const { id } of ended) if (existsSync(copies(disk, id).training)) await tidy(db, disk, id)
}
