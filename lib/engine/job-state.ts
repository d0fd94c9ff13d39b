import { type Kysely, sql, type Updateable } from 'kysely'
import { apiError } from './api-error.ts'
import { type Draft, stepDraft, stepsOf, tell } from './events.ts'
import type { FileStore } from './files.ts'
import type { JobRow } from './job-wire.ts'
import { RESULT_FILE, resultFile } from './result-file.ts'
import { checkpointsOf, forgetUnnamed, nameModel, nameSnapshot, noteCheckpoint, tidy } from './snapshots.ts'
import { type Disk, saveStream } from './storage.ts'
import type { EngineTables, JobStatus, JobsTable } from './tables.ts'
import type { FailureData } from './wire.ts'
import type { TrainerReport } from './worker/protocol.ts'

type Db = Kysely<EngineTables>
type Report<Kind extends TrainerReport['kind']> = Extract<TrainerReport, { kind: Kind }>

/** One checkpoint per epoch is written; the last ones are kept, including the fine-tuned model. */
const KEPT_EPOCHS = 3

const unfinished: JobStatus[] = ['validating_files', 'queued', 'running']

export interface Failure {
  code: string
  message: string
  param: string | null
}

/** @throws AppError `invalid` if the job has already ended */
export function expectUnfinished({ id, status }: JobRow): void {
  if (unfinished.includes(status)) return
  const how = status === 'cancelled' ? 'been cancelled' : status
  throw apiError('invalid', `Job ${id} has already ${how} and cannot be cancelled.`, {
    code: 'job_already_ended',
  })
}

/** @returns undefined if the job's status has changed in the meantime */
function enter(trx: Db, id: string, from: JobStatus[], to: JobStatus, more: Updateable<JobsTable> = {}) {
  const now = Date.now()
  const ending = unfinished.includes(to) ? {} : { finished_at: now, estimated_finish: null }
  const status_times_json = sql<string>`json_insert(status_times_json, ${`$.${to}`}, ${now})`
  return trx
    .updateTable('jobs')
    .set({ ...more, ...ending, status: to, status_times_json })
    .where('id', '=', id)
    .where('status', 'in', from)
    .returningAll()
    .executeTakeFirst()
}

/** All changes of a job's status, each in one transaction with its events. */
export function jobState(db: Db, disk: Disk, files: FileStore) {
  /** A job that fails or is cancelled keeps its newest checkpoint, under a usable model name. */
  async function end(job: JobRow, to: 'failed' | 'cancelled', last: Draft, failure?: Failure): Promise<void> {
    const error = failure ? { error_json: JSON.stringify(failure) } : {}
    const ended = await db.transaction().execute(async (trx) => {
      const row = await enter(trx, job.id, unfinished, to, error)
      if (!row) return false
      const [newest] = await checkpointsOf(trx, job.id)
      const kept = newest ? [await nameSnapshot(trx, row, newest)] : []
      await forgetUnnamed(trx, job.id)
      await tell(trx, job.id, [...kept, last])
      return true
    })
    if (ended) await tidy(db, disk, job.id)
  }

  async function succeed(trx: Db, job: JobRow, { step, trainedTokens }: Report<'done'>, result: string) {
    const [last, ...earlier] = (await checkpointsOf(trx, job.id)).slice(0, KEPT_EPOCHS)
    if (last?.step !== step) throw new Error(`The checkpoint of the last step, ${step}, is missing.`)
    const model = await nameModel(trx, job, last)
    const facts = { fine_tuned_model: model, trained_tokens: trainedTokens, result_file: result }
    if (!(await enter(trx, job.id, ['running'], 'succeeded', facts)))
      throw new Error('The job was ended by somebody else.')
    const snapshots: Draft[] = []
    for (const row of earlier.reverse()) snapshots.push(await nameSnapshot(trx, job, row))
    await forgetUnnamed(trx, job.id)
    await tell(trx, job.id, [
      ...snapshots,
      { topic: 'model', message: `New fine-tuned model created: ${model}` },
      { topic: 'succeeded', message: 'The job has successfully completed' },
    ])
  }

  return {
    /**
     * Queues a validated job: "auto" becomes numbers.
     * @param news events about the files
     */
    queue: (
      job: JobRow,
      resolved: Pick<JobsTable, 'epochs' | 'batch_size' | 'learning_rate_multiplier'>,
      news: Draft[],
    ) =>
      db.transaction().execute(async (trx) => {
        if (!(await enter(trx, job.id, ['validating_files'], 'queued', resolved))) return
        const queued: Draft = { topic: 'queued', message: 'Files validated, moving job to queued state' }
        await tell(trx, job.id, [...news, queued])
      }),

    /**
     * The trainer has read all files and is about to run its first training step, or its first since it was stopped.
     * @returns false if the job has ended in the meantime
     */
    start: (job: JobRow, { step, totalSteps }: Report<'started'>) =>
      db.transaction().execute(async (trx) => {
        const progress = { step: Math.max(step, job.step ?? 0), total_steps: totalSteps }
        if (!(await enter(trx, job.id, [job.status], 'running', progress))) return false
        const from = step > 0 ? `from step ${step}` : 'from the beginning'
        const started: Draft = { topic: 'started', message: 'Fine-tuning job started' }
        const resumed: Draft = { topic: null, message: `Fine-tuning job resumed ${from}` }
        await tell(trx, job.id, [job.status === 'running' ? resumed : started])
        return true
      }),

    /** @param estimatedFinish ms since 1970 */
    step: (job: JobRow, report: Report<'step'>, estimatedFinish: number) =>
      db.transaction().execute(async (trx) => {
        await tell(trx, job.id, [stepDraft(report)])
        await trx
          .updateTable('jobs')
          .set({
            // A resumed job reports steps again: progress never goes back.
            step: sql<number>`max(coalesce(step, 0), ${report.step})`,
            estimated_finish: Math.round(estimatedFinish),
          })
          .where('id', '=', job.id)
          .where('status', '=', 'running')
          .execute()
      }),

    checkpoint: (job: JobRow, report: Report<'checkpoint'>) => noteCheckpoint(db, job.id, report),

    async succeed(job: JobRow, report: Report<'done'>): Promise<void> {
      const csv = resultFile(await stepsOf(db, job.id))
      const temporary = disk.temporary()
      await saveStream(temporary, [csv])
      await db.transaction().execute(async (trx) => {
        const facts = { filename: RESULT_FILE, purpose: 'fine-tune-results', bytes: csv.length } as const
        const { id } = await files.adopt(temporary, facts, trx)
        await succeed(trx, job, report, id)
      })
      await tidy(db, disk, job.id)
    },

    fail: (job: JobRow, failure: Failure, place?: FailureData['limerick'] | null) => {
      const { code, param, message } = failure
      const data = { error_code: code, error_param: param, ...(place ? { limerick: place } : {}) }
      return end(job, 'failed', { topic: 'failed', message, level: 'error', data }, failure)
    },

    cancel: (job: JobRow) =>
      end(job, 'cancelled', { topic: 'cancelled', message: 'Fine-tuning job cancelled' }),

    /** Records the single restart after a crash of its process. @returns false if it was already restarted */
    restart: (job: JobRow, reason: string) =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('jobs')
          .set({ restarts: 1 })
          .where('id', '=', job.id)
          .where('restarts', '=', 0)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        const message = `The training process ended unexpectedly (${reason}) and is started again`
        await tell(trx, job.id, [{ topic: 'restart', level: 'warn', message }])
        return true
      }),
  }
}
export type Lifecycle = ReturnType<typeof jobState>
