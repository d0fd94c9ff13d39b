import 'server-only'
import { sql } from 'kysely'
import { presentDatasetNameBy, versionColumn } from '#lib/datasets/columns-sql.ts'
import { studio } from '#lib/db/studio.ts'

/** Which models jobs have made, from which data. */

/** Checkpoints other than the result of a job, the newest job first. */
export const checkpointModels = () =>
  studio()
    .selectFrom('job_checkpoints')
    .innerJoin('jobs', 'jobs.id', 'job_checkpoints.job_id')
    .select(['jobs.provider_id', 'job_checkpoints.model', 'job_checkpoints.created_at'])
    .where((eb) => eb('job_checkpoints.model', '!=', eb.fn.coalesce('jobs.fine_tuned_model', eb.val(''))))
    .orderBy('jobs.created_at', 'desc')
    .orderBy('job_checkpoints.step', 'desc')
    .execute()

const lineages = () =>
  studio()
    .selectFrom('jobs')
    .select([
      'jobs.provider_id',
      'jobs.id as job_id',
      'jobs.number',
      'jobs.name',
      'jobs.suffix',
      'jobs.dataset_id',
      presentDatasetNameBy('jobs.dataset_id').as('dataset_name'),
      versionColumn('number', 'jobs.dataset_version_id').as('version'),
      'jobs.model as base',
      'jobs.scores_json',
      'jobs.system_prompt',
      'jobs.question',
    ])

/** Which job made which model, on which rows; checkpoints with their step. */
export async function lineageRecords() {
  const [results, checkpoints] = await Promise.all([
    lineages().select('jobs.fine_tuned_model').where('jobs.fine_tuned_model', 'is not', null).execute(),
    lineages()
      .innerJoin('job_checkpoints', 'job_checkpoints.job_id', 'jobs.id')
      .select(['job_checkpoints.model', 'job_checkpoints.step'])
      .execute(),
  ])
  return [
    ...results.map(({ fine_tuned_model, ...job }) => ({ ...job, model: fine_tuned_model ?? '', step: null })),
    ...checkpoints,
  ]
}
export type LineageRecord = Awaited<ReturnType<typeof lineageRecords>>[number]

/** The job that made a model, and the step at which it was saved; undefined for a model that no job here made. */
export async function makerOf(providerId: string, model: string) {
  const jobs = studio()
    .selectFrom('jobs')
    .select([
      'jobs.id',
      'jobs.model as base',
      'jobs.request_json',
      versionColumn('dataset_id', 'jobs.dataset_version_id').as('dataset_id'),
      versionColumn('revision', 'jobs.dataset_version_id').as('revision'),
      // Early stopping takes an earlier checkpoint than the last.
      sql<number | null>`coalesce(jobs.job_json ->> '$.limerick.final_step', jobs.total_steps)`.as(
        'final_step',
      ),
    ])
    .where('jobs.provider_id', '=', providerId)
  const final = await jobs.where('jobs.fine_tuned_model', '=', model).executeTakeFirst()
  if (final) return { ...final, step: final.final_step, final: true }
  const checkpoint = await jobs
    .innerJoin('job_checkpoints as checkpoint', 'checkpoint.job_id', 'jobs.id')
    .select('checkpoint.step')
    .where('checkpoint.model', '=', model)
    .executeTakeFirst()
  return checkpoint && { ...checkpoint, final: false }
}

/** Jobs of the built-in engine that have succeeded since a time (ms), on data with held-out rows, oldest first. */
export async function succeededWithHeldOut(since: number): Promise<string[]> {
  const found = await studio()
    .selectFrom('jobs')
    .select('id')
    .where('provider_id', '=', 'embedded')
    .where('status', '=', 'succeeded')
    .where('fine_tuned_model', 'is not', null)
    .where('finished_at', '>=', since)
    .where(versionColumn('heldout_rows', 'jobs.dataset_version_id'), '>', 0)
    .orderBy('finished_at')
    .execute()
  return found.map(({ id }) => id)
}
