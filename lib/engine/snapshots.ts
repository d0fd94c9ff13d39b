import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Kysely, Selectable } from 'kysely'
import { newId, randomText } from '#lib/core/ids.ts'
import { printError } from '#lib/core/uncaught.ts'
import { type Draft, metricsOnWire, rewardsOnWire } from './events.ts'
import { cleanSuffix } from './job-request.ts'
import type { JobRow } from './job-wire.ts'
import { copies } from './jobs.ts'
import { onlyForResuming } from './model/manifest.ts'
import { rootOf } from './models.ts'
import { type Disk, remove, removeUnknown } from './storage.ts'
import type { CheckpointsTable, EngineTables } from './tables.ts'
import { LOG, leaveRun } from './trainers/run-folder.ts'
import type { TrainingReport } from './trainers/training.ts'

type Db = Kysely<EngineTables>
export type CheckpointRow = Selectable<CheckpointsTable>

/** A job's checkpoints, newest first. */
export const checkpointsOf = (db: Db, job: string): Promise<CheckpointRow[]> =>
  db.selectFrom('checkpoints').selectAll().where('job_id', '=', job).orderBy('step', 'desc').execute()

/** Records a folder that the trainer has finished. Without a model name, it is not visible to API callers. */
export async function noteCheckpoint(
  db: Db,
  job: string,
  {
    step,
    folder,
    metrics,
  }: Pick<Extract<TrainingReport, { kind: 'checkpoint' }>, 'step' | 'folder' | 'metrics'>,
): Promise<void> {
  await db
    .insertInto('checkpoints')
    .values({
      id: newId('ftckpt_'),
      job_id: job,
      step,
      folder: path.basename(folder),
      model: null,
      metrics_json: JSON.stringify({ step, ...metricsOnWire(metrics), limerick: rewardsOnWire(metrics) }),
      created_at: Date.now(),
      final: 0,
    })
    .onConflict((conflict) => conflict.columns(['job_id', 'step']).doNothing())
    .execute()
}

/** Sets a checkpoint's model name. Its last part is unique and does not reveal the final model's name. */
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

/** Names the last checkpoint as the job's fine-tuned model. @returns the name */
export const nameModel = (db: Db, job: JobRow, row: CheckpointRow): Promise<string> =>
  name(db, row, freshName(job), true)

/** Names an earlier checkpoint as a separate model. @returns the event for it */
export async function nameSnapshot(db: Db, job: JobRow, row: CheckpointRow): Promise<Draft> {
  const model = await name(db, row, `${freshName(job)}:ckpt-step-${row.step}`, false)
  const message = `Checkpoint created at step ${row.step} with Snapshot ID: ${model}`
  return { topic: `checkpoint:${row.step}`, message }
}

export async function forgetUnnamed(db: Db, job: string): Promise<void> {
  await db.deleteFrom('checkpoints').where('job_id', '=', job).where('model', 'is', null).execute()
}

/** When a job has ended, keeps only its recorded checkpoints, without the files needed only to resume. */
export async function tidy(db: Db, disk: Disk, job: string): Promise<void> {
  const kept = await checkpointsOf(db, job)
  for (const { folder } of kept)
    for (const file of onlyForResuming) await remove(path.join(disk.job(job), folder, file))
  await leaveRun(disk.job(job))
  await removeUnknown(disk.job(job), new Set([...kept.map(({ folder }) => folder), LOG]))
}

/** At startup: a crash may have occurred between a job's end and its cleanup. */
export async function tidyEnded(db: Db, disk: Disk): Promise<void> {
  const ended = await db.selectFrom('jobs').select('id').where('finished_at', 'is not', null).execute()
  // What cannot be cleaned up, such as a folder that is away, must not keep the engine from starting.
  for (const { id } of ended)
    if (existsSync(copies(disk, id).training)) await tidy(db, disk, id).catch(printError)
}
