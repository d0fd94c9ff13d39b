import { type Kysely, sql, type Updateable } from 'kysely'
import { apiError } from './api-error.ts'
import { type Draft, stepDraft, stepsOf, tell } from './events.ts'
import type { FileStore } from './files.ts'
import type { JobRow } from './job-wire.ts'
import { expectedAndFree } from './memory.ts'
import { publishNewest } from './model/checkpoint.ts'
import { RESULT_FILE, resultFile } from './result-file.ts'
import {
  type CheckpointRow,
  checkpointsOf,
  forgetUnnamed,
  nameModel,
  nameSnapshot,
  noteCheckpoint,
  tidy,
} from './snapshots.ts'
import { type Disk, saveStream } from './storage.ts'
import { type EngineTables, type JobStatus, type JobsTable, UNFINISHED } from './tables.ts'
import type { TrainingReport } from './trainers/training.ts'
import type { FailureData, WireRun } from './wire.ts'

type Db = Kysely<EngineTables>
type Report<Kind extends TrainingReport['kind']> = Extract<TrainingReport, { kind: Kind }>

/** One checkpoint per epoch is written; the last ones are kept, including the fine-tuned model, and the best one. */
const KEPT_EPOCHS = 3

/** A job with one of these waits: no process works on it, or soon none will. */
const WAITING: JobStatus[] = ['queued', 'pausing', 'paused']

export interface Failure {
  code: string
  message: string
  param: string | null
}

/**
 * @param what it is wanted: "cancelled"
 * @throws AppError `invalid` if the job has already ended
 */
export function expectUnfinished({ id, status }: JobRow, what: string): void {
  if (UNFINISHED.includes(status)) return
  const how = status === 'cancelled' ? 'been cancelled' : status
  throw apiError('invalid', `Job ${id} has already ${how} and cannot be ${what}.`, {
    code: 'job_already_ended',
  })
}

/** @throws AppError `invalid` that says why the job cannot be paused now */
function cannotPause(job: JobRow): never {
  expectUnfinished(job, 'paused')
  const why =
    job.status === 'validating_files'
      ? 'its files are being validated. Pause it when it is queued or running'
      : `it is already ${job.status}`
  throw apiError('invalid', `Job ${job.id} cannot be paused: ${why}.`, { code: 'job_not_pausable' })
}

/** @throws AppError `invalid` that says why the job cannot be resumed now */
function cannotResume(job: JobRow): never {
  expectUnfinished(job, 'resumed')
  const why =
    job.status === 'pausing' ? 'it is still being paused. Try again when it is' : `it is ${job.status}, not`
  throw apiError('invalid', `Job ${job.id} cannot be resumed: ${why} paused.`, { code: 'job_not_paused' })
}

const wait = { estimated_finish: null }

/** A training that is paused begins a pause, unless one lasts; one that goes on or ends adds it up. */
function pauses(to: JobStatus, now: number) {
  if (to === 'paused')
    return { paused_at: sql<number>`iif(total_steps is null, null, coalesce(paused_at, ${now}))` }
  if (WAITING.includes(to)) return {}
  return { paused_ms: sql<number>`paused_ms + coalesce(${now} - paused_at, 0)`, paused_at: null }
}

/** What a trainer does outside of steps is over. */
const notDoing = sql<string | null>`json_remove(run_json, '$.doing')`

/** @returns undefined if the job's status has changed in the meantime */
function enter(trx: Db, id: string, from: JobStatus[], to: JobStatus, more: Updateable<JobsTable> = {}) {
  const now = Date.now()
  const ending = UNFINISHED.includes(to) ? {} : { finished_at: now, estimated_finish: null }
  const note = sql.raw(to === 'pausing' || to === 'paused' ? 'json_set' : 'json_insert')
  const status_times_json = sql<string>`${note}(status_times_json, ${`$.${to}`}, ${now})`
  return trx
    .updateTable('jobs')
    .set({ ...pauses(to, now), run_json: notDoing, ...more, ...ending, status: to, status_times_json })
    .where('id', '=', id)
    .where('status', 'in', from)
    .returningAll()
    .executeTakeFirst()
}

/** A job's last checkpoints, and its best one. @param all newest first */
const keptOf = (all: CheckpointRow[], { best_step }: JobRow, last: number): CheckpointRow[] =>
  all.filter(({ step }, index) => index < last || step === best_step)

/** Names checkpoints as models, oldest first. @param rows newest first */
async function nameSnapshots(trx: Db, job: JobRow, rows: CheckpointRow[]): Promise<Draft[]> {
  const told: Draft[] = []
  for (const row of rows.toReversed()) told.push(await nameSnapshot(trx, job, row))
  return told
}

/** What early stopping did: which model is the result, and whether training ended before its last step. */
function stoppedEarly({ patience, total_steps, best_loss }: JobRow, step: number, final: number): Draft[] {
  if (patience === null || final === step) return []
  const best = `step ${final}, with the lowest full validation loss${best_loss === null ? '' : `, ${best_loss.toFixed(2)}`}`
  const why = patience === 1 ? 'a full validation was' : `${patience} full validations in a row were`
  const ended =
    step === total_steps ? '' : `Training stopped early at step ${step} of ${total_steps}: ${why} no better. `
  return [{ topic: 'early-stopping', message: `${ended}The fine-tuned model is the checkpoint of ${best}` }]
}

/** A report with a number is not told again once this is stored. */
const seen = ({ seq }: TrainingReport) => (seq === undefined ? {} : { reports_seen: seq })

type Note = Report<'hello' | 'prepared' | 'memory' | 'notice' | 'heartbeat' | 'stopped'>

async function noteSeen(trx: Db, { id }: JobRow, { seq }: TrainingReport): Promise<void> {
  if (seq === undefined) return
  await trx.updateTable('jobs').set({ reports_seen: seq }).where('id', '=', id).execute()
}

/** What a report adds to what is known of the trainer, or null. */
function factsIn(report: Note): WireRun | null {
  switch (report.kind) {
    case 'hello':
      return { versions: report.versions, devices: report.devices.map(({ name }) => ({ name })) }
    case 'memory': {
      const { kind: _, seq: __, ...memory } = report
      return { memory: JSON.parse(JSON.stringify(memory, (___, value) => value ?? undefined)) }
    }
    case 'heartbeat':
      return report.doing ? { doing: report.doing } : null
    default:
      return null
  }
}

/** The first step has shown how far the estimate was off. */
function memoryDrafts({ measured, estimate }: Report<'memory'>): Draft[] {
  if (!measured || !estimate) return []
  const [taken, expected] = expectedAndFree(measured, estimate)
  const message = `The first step took ${taken} of memory; ${expected} was estimated. Later estimates are corrected by this`
  return [{ topic: 'memory', message }]
}

function toldBy(report: Note): Draft[] {
  if (report.kind === 'notice')
    return [{ topic: `notice:${report.seq}`, level: report.level, message: report.message }]
  if (report.kind === 'memory') return memoryDrafts(report)
  if (report.kind !== 'prepared') return []
  const [learnt, all] = [report.trained_tokens, report.tokens].map((count) => count.toLocaleString('en'))
  return [{ topic: 'prepared', message: `An epoch learns ${learnt} of ${all} tokens` }]
}

/** All changes of a job's status, each in one transaction with its events. */
export function jobState(db: Db, disk: Disk, files: FileStore) {
  /** A job that fails or is cancelled keeps its newest checkpoint and its best one, under usable model names. */
  async function end(job: JobRow, to: 'failed' | 'cancelled', last: Draft, failure?: Failure): Promise<void> {
    const error = failure ? { error_json: JSON.stringify(failure) } : {}
    const ended = await db.transaction().execute(async (trx) => {
      const row = await enter(trx, job.id, UNFINISHED, to, error)
      if (!row) return false
      const kept = await nameSnapshots(trx, row, keptOf(await checkpointsOf(trx, job.id), row, 1))
      await forgetUnnamed(trx, job.id)
      await tell(trx, job.id, [...kept, last])
      return true
    })
    if (ended) await tidy(db, disk, job.id)
  }

  async function succeed(trx: Db, { id }: JobRow, { step, trainedTokens }: Report<'done'>, result: string) {
    const facts = { trained_tokens: trainedTokens, result_file: result }
    const job = await enter(trx, id, ['running', 'pausing'], 'succeeded', facts)
    if (!job) throw new Error('The job was ended by somebody else.')
    const all = await checkpointsOf(trx, id)
    if (all[0]?.step !== step) throw new Error(`The checkpoint of the last step, ${step}, is missing.`)
    const final = (job.patience !== null && all.find((row) => row.step === job.best_step)) || all[0]
    const model = await nameModel(trx, job, final)
    await trx
      .updateTable('jobs')
      .set({ fine_tuned_model: model, final_step: final.step })
      .where('id', '=', id)
      .execute()
    const others = keptOf(all, job, KEPT_EPOCHS).filter((row) => row !== final)
    const snapshots = await nameSnapshots(trx, job, others)
    await forgetUnnamed(trx, id)
    await tell(trx, id, [
      ...stoppedEarly(job, step, final.step),
      ...snapshots,
      { topic: 'model', message: `New fine-tuned model created: ${model}` },
      { topic: 'succeeded', message: 'The job has successfully completed' },
    ])
  }

  const jobOf = (trx: Db, id: string): Promise<JobRow> =>
    trx.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  const pausedDraft = ({ step }: JobRow): Draft => ({
    topic: null,
    message: `Fine-tuning job paused${step === null ? '' : ` at step ${step}`}`,
  })

  return {
    /**
     * Queues a validated job: "auto" becomes numbers.
     * @param news events about the files
     */
    queue: (
      job: JobRow,
      resolved: Pick<
        JobsTable,
        'epochs' | 'batch_size' | 'learning_rate_multiplier' | 'beta' | 'longest_row'
      >,
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
    start: ({ id }: JobRow, report: Report<'started'>) =>
      db.transaction().execute(async (trx) => {
        const { step, totalSteps, seq } = report
        const before = await jobOf(trx, id)
        const progress = { step: Math.max(step, before.step ?? 0), total_steps: totalSteps, ...seen(report) }
        if (!(await enter(trx, id, ['queued', 'running'], 'running', progress))) return false
        const from = step > 0 ? `from step ${step}` : 'from the beginning'
        const started: Draft = { topic: 'started', message: 'Fine-tuning job started' }
        const topic = seq === undefined ? null : `resumed:${seq}`
        const resumed: Draft = { topic, message: `Fine-tuning job resumed ${from}` }
        await tell(trx, id, [before.total_steps === null ? started : resumed])
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
            estimated_finish: sql<
              number | null
            >`iif(status = 'running', ${Math.round(estimatedFinish)}, null)`,
            run_json: notDoing,
            ...seen(report),
          })
          .where('id', '=', job.id)
          .where('status', 'in', ['running', 'pausing'])
          .execute()
      }),

    checkpoint: (job: JobRow, report: Report<'checkpoint'>) =>
      db.transaction().execute(async (trx) => {
        await noteCheckpoint(trx, job.id, report)
        await noteSeen(trx, job, report)
        const { step, metrics } = report
        const loss = metrics.fullValidLoss ?? Number.NaN
        if (!Number.isFinite(loss)) return
        // A resumed job reports checkpoints again, and of two alike the earlier one is the best.
        await trx
          .updateTable('jobs')
          .set({ best_step: step, best_loss: loss })
          .where('id', '=', job.id)
          .where(({ eb, or }) => or([eb('best_loss', 'is', null), eb('best_loss', '>', loss)]))
          .execute()
      }),

    /** What a trainer tells beside its steps. @returns the job with what is known of its trainer then */
    note: (job: JobRow, report: Note): Promise<JobRow> =>
      db.transaction().execute(async (trx) => {
        await tell(trx, job.id, toldBy(report))
        const facts = factsIn(report)
        await noteSeen(trx, job, report)
        if (facts === null) return job
        const run_json = sql<string>`json_patch(coalesce(run_json, '{}'), ${JSON.stringify(facts)})`
        const update = trx.updateTable('jobs').set({ run_json }).where('id', '=', job.id)
        return { ...job, ...(await update.returning('run_json').executeTakeFirst()) }
      }),

    async succeed(job: JobRow, report: Report<'done'>): Promise<void> {
      const csv = resultFile(await stepsOf(db, job.id), job.objective)
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

    /**
     * A job in the queue is paused at once; one that trains is `pausing` until its trainer has saved its step.
     * @throws AppError `invalid` for any other
     */
    pause: (id: string) =>
      db.transaction().execute(async (trx) => {
        const waited = await enter(trx, id, ['queued'], 'paused', wait)
        if (waited) await tell(trx, id, [pausedDraft(waited)])
        const job = waited ?? (await enter(trx, id, ['running'], 'pausing', wait))
        return job ?? cannotPause(await jobOf(trx, id))
      }),

    /** No process works on the job any more. Without effect on one that has ended meanwhile. */
    paused: (id: string) =>
      db.transaction().execute(async (trx) => {
        const job = await enter(trx, id, ['pausing'], 'paused', wait)
        if (job) await tell(trx, id, [pausedDraft(job)])
      }),

    /** Before a paused job is cancelled: makes the step at which it was paused a checkpoint for users. */
    async keepPaused({ id }: JobRow): Promise<void> {
      const found = await publishNewest(disk.job(id))
      if (found) await noteCheckpoint(db, id, found)
    },

    /** @throws AppError `invalid` for a job that is not paused */
    resume: (id: string) =>
      db.transaction().execute(async (trx) => {
        const job = await enter(trx, id, ['paused'], 'queued')
        if (!job) return cannotResume(await jobOf(trx, id))
        await tell(trx, id, [{ topic: null, message: 'Pause ended, moving job to queued state' }])
        return job
      }),

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
