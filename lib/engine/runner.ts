import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '#lib/core/errors.ts'
import { printError } from '#lib/core/uncaught.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { AUTOMATIC_BETA, automaticBatchSize, automaticEpochs } from '#lib/training-data/plan.ts'
import { factsOf } from './base-models.ts'
import { expectUnfinished, type Lifecycle } from './job-state.ts'
import { type JobRow, jobOnWire } from './job-wire.ts'
import { copies, type JobStore } from './jobs.ts'
import { gigabytes, OUT_OF_MEMORY } from './memory.ts'
import { watchMemory } from './memory-watch.ts'
import { automaticLearningRate } from './model/defaults.ts'
import { readModelConfig } from './model/model-config.ts'
import type { ModelStore } from './models.ts'
import { expectSpaceToTrain } from './space.ts'
import type { Disk } from './storage.ts'
import type { LauncherName, TrainerName } from './tables.ts'
import { meter } from './throughput.ts'
import type { Tokenizers } from './tokenizers.ts'
import type { Trainers } from './trainers/trainers.ts'
import type { Training, TrainingReport } from './trainers/training.ts'
import { cutDraft, type Purpose, type Reader, type Valid, validateFile } from './validation.ts'
import type { WireJob } from './wire.ts'
import { loop, pace } from './work-queue.ts'
import type { TrainOrder } from './worker/protocol.ts'
import { withoutPaths } from './worker-process.ts'

/** Time for a cancelled trainer to finish its step before it is killed, in ms; and for one whose step is saved, if it is still to be found. */
const STOP_PATIENCE = 500
const KEEP_PATIENCE = 60_000
/** Ctrl-C reaches the trainer and this process together: if we still run this many ms later, it was not Ctrl-C. */
const SHUTDOWN_GRACE = 100
/** Jobs that are given to a cluster at the same time, which divides its devices among them. */
const ON_CLUSTER = 8

interface Current {
  launcher: LauncherName
  trainer: TrainerName
  training: Training | null
  /** What a user wants it to end for; null: it goes on. */
  ending: 'cancel' | 'pause' | null
  /** Resolves when no process works on the job any more. */
  over: PromiseWithResolvers<void>
}

/** @param keep saves a checkpoint for users */
const wishOf = (ending: 'cancel' | 'pause', keep = false) => ({ keep, goesOn: ending === 'pause' })

/** How a training process ended; `stopped` means that it can go on. */
type Outcome = 'settled' | 'stopped' | 'died' | Extract<TrainingReport, { kind: 'failed' }>

/**
 * Validates jobs and trains jobs, one at a time each, in order of creation; on a cluster several at a time.
 * @param tokenizers `check` throws if a model's tokenizer hangs: a trainer would wait for it forever
 * @param warm called when a new model is ready, because the user will probably chat with it next
 */
export function startRunner(
  disk: Disk,
  jobs: JobStore,
  models: ModelStore,
  trainers: Pick<Trainers, 'of' | 'hasCluster'>,
  life: Lifecycle,
  tokenizers: Pick<Tokenizers, 'check' | 'measure'>,
  warm: () => void,
  threads: number,
  memoryLimit: number | null,
) {
  /** Jobs that train, by their ids. */
  const current = new Map<string, Current>()
  let closed = false

  const blame = async (job: JobRow, thrown: unknown): Promise<void> => {
    if (closed) return
    const known = isDiskFull(thrown) ? diskFull(thrown) : thrown
    if (known instanceof AppError) {
      const { code = known.code } = known.facts ?? {}
      await life.fail(job, { code: String(code), message: known.message, param: null })
      return
    }
    process.stderr.write(`${job.id}: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
    await life.fail(job, {
      code: 'server_error',
      message: 'The engine had an error while running this job.',
      param: null,
    })
  }

  const modelIsGone = (job: JobRow): Promise<void> =>
    life.fail(job, {
      code: 'model_not_found',
      message: `The model '${job.model}' no longer exists.`,
      param: 'model',
    })

  async function validate(job: JobRow): Promise<void> {
    const mine = copies(disk, job.id)
    const model = await models.find(job.model)
    if (!model) return modelIsGone(job)
    models.expectUsable(model)
    const context = Math.min(factsOf(model.folder).context, job.max_length ?? Infinity)
    const reader: Reader = {
      context,
      limited: job.max_length !== null,
      wantsLongest: job.trainer !== 'onnx',
      measure: (turns) => tokenizers.measure(model, turns, context),
    }
    const check = (purpose: Purpose, file: string) =>
      validateFile(mine[purpose], { purpose, file, objective: job.objective }, reader)
    const training = await check('training', job.training_file)
    const validation = job.validation_file ? await check('validation', job.validation_file) : null
    for (const result of [training, validation])
      if (result && 'problem' in result) {
        await life.fail(job, result.problem, result.place)
        return
      }
    const valid = [training, validation].filter((result) => result !== null) as Valid[]
    const rows = valid[0]?.rows ?? 0
    const news = valid.flatMap(({ cut }) => (cut ? [cutDraft(cut)] : []))
    const resolved = {
      epochs: job.epochs ?? automaticEpochs(rows, 'engine').value,
      batch_size: job.batch_size ?? automaticBatchSize(rows).value,
      learning_rate_multiplier: job.learning_rate_multiplier ?? 1,
      beta: job.objective === 'dpo' ? (job.beta ?? AUTOMATIC_BETA) : null,
      longest_row: Math.max(...valid.map(({ longest }) => longest ?? 0)) || null,
    }
    await life.queue(job, resolved, news)
    wakeTrainer()
  }

  async function validateNext(): Promise<boolean> {
    const job = closed ? undefined : await jobs.unchecked()
    if (!job) return false
    await validate(job).catch((thrown) => blame(job, thrown))
    return !closed
  }

  async function orderFor(job: JobRow): Promise<TrainOrder | null> {
    const model = await models.find(job.model)
    if (!model) return null
    models.expectUsable(model)
    await tokenizers.check(model)
    const mine = copies(disk, job.id)
    return {
      kind: 'train',
      base: model.folder,
      folder: disk.job(job.id),
      training: mine.training,
      validation: job.validation_file ? mine.validation : null,
      method: job.method,
      maxLength: job.max_length,
      preference: job.objective === 'dpo' ? { beta: job.beta ?? AUTOMATIC_BETA } : null,
      epochs: job.epochs ?? 1,
      batchSize: job.batch_size ?? 1,
      learningRate:
        automaticLearningRate(job.method, readModelConfig(model.folder), job.objective) *
        (job.learning_rate_multiplier ?? 1),
      weightDecay: job.weight_decay,
      patience: job.patience,
      seed: job.seed,
      date: job.created_at,
      threads,
      memoryLimit,
    }
  }

  /** Stores a trainer's reports, each before the next is read. */
  async function follow(job: JobRow, reports: AsyncIterable<TrainingReport>): Promise<Outcome> {
    const estimate = pace()
    let speed: ReturnType<typeof meter> | null = null
    let outcome: Outcome = 'died'
    let told = job
    const trainer = trainers.of(job)
    const measure = async (step: number) => {
      const tokensPerSecond = speed?.at(step) ?? null
      if (tokensPerSecond !== null) await trainer.noteSpeed(told, tokensPerSecond)
    }
    for await (const report of reports)
      switch (report.kind) {
        case 'started':
          if (!(await life.start(job, report))) return 'settled'
          speed = meter(report, job.epochs ?? 1)
          break
        case 'step':
          speed?.note(report)
          await life.step(job, report, estimate(report.seconds, report.totalSteps - report.step))
          break
        case 'checkpoint':
          await life.checkpoint(job, report)
          await measure(report.step)
          break
        case 'done':
          await life.succeed(job, report)
          warm()
          outcome = 'settled'
          break
        case 'failed':
          outcome = report
          break
        default:
          told = await life.note(told, report)
          if (report.kind === 'memory') await trainer.noteMemory(told, report)
          if (report.kind === 'stopped') outcome = 'stopped'
      }
    return outcome
  }

  /** What an earlier engine has begun, or a new start; null: there is nothing to train any more. */
  async function openTraining(job: JobRow, mine: Current): Promise<Training | null> {
    const trainer = trainers.of(job)
    const found = await trainer.find(job)
    if (found || mine.ending) return found
    const order = await orderFor(job)
    if (!order) {
      await modelIsGone(job)
      return null
    }
    const { base, method, epochs, validation } = order
    // A job with a step already has most of its checkpoints: its trainer checks the space before each further one.
    if (job.step === null)
      await expectSpaceToTrain(disk.root, { base, method, epochs, validated: validation !== null })
    return mine.ending || closed ? null : trainer.start(job, order)
  }

  async function train(job: JobRow, mine: Current): Promise<void> {
    const training = await openTraining(job, mine)
    if (!training) return
    mine.training = training
    if (closed) return training.leave()
    if (mine.ending) training.stop(wishOf(mine.ending))
    if (mine.ending === 'pause' && job.step === null) training.kill() // there is nothing to save
    let starved: number | null = null
    // What trains elsewhere takes no memory here.
    const stopWatching =
      job.launcher === 'local'
        ? watchMemory((free) => {
            starved = free
            training.kill()
          })
        : () => undefined
    const outcome = await follow(job, training.reports)
      .finally(() => (closed ? training.leave() : training.kill()))
      .finally(stopWatching)
    const ending = await training.ended()
    if (mine.ending || closed || outcome === 'settled' || outcome === 'stopped') return
    if (starved !== null) return failStarved(job, starved)
    if (outcome === 'died') await resumeOrFail(job, ending)
    else await life.fail(job, { code: outcome.code, message: withoutPaths(outcome.message), param: null })
  }

  const failStarved = (job: JobRow, free: number): Promise<void> =>
    life.fail(job, {
      code: OUT_OF_MEMORY,
      message: `Training was stopped before this computer ran out of memory: only ${gigabytes(free)} was left. Close other programs, shorten the longest rows, or choose a smaller model.`,
      param: null,
    })

  /** After the first crash of its trainer, a job resumes from its last checkpoint; a second crash fails it. */
  async function resumeOrFail(job: JobRow, reason: string): Promise<void> {
    await pause(SHUTDOWN_GRACE)
    if (closed || (await life.restart(job, reason))) return
    const message = `The training process ended unexpectedly: ${reason}`
    await life.fail(job, { code: 'worker_died', message, param: null })
  }

  async function nextOf(place: LauncherName): Promise<JobRow | undefined> {
    const atWork = [...current.keys()]
    return (
      (await jobs.oldest(place, atWork, 'running', 'pausing')) ?? (await jobs.oldest(place, atWork, 'queued'))
    )
  }

  async function trainNext(place: LauncherName): Promise<boolean> {
    // Without its address, a job may still run there: it waits and says for what.
    if (place === 'ray' && !trainers.hasCluster) return false
    const job = closed ? undefined : await nextOf(place)
    if (!job || closed) return false
    if (current.has(job.id)) return true // another lane has taken it meanwhile
    const mine: Current = {
      ...{ launcher: place, trainer: job.trainer },
      ...{ training: null, ending: null, over: Promise.withResolvers() },
    }
    current.set(job.id, mine)
    if (job.status === 'pausing') void stopTrainer(mine, 'pause')
    try {
      await train(job, mine).catch((thrown) => blame(job, thrown))
      if (mine.ending === 'cancel') await life.cancel(job)
      if (mine.ending === 'pause') await life.paused(job.id)
    } finally {
      current.delete(job.id)
      mine.over.resolve()
    }
    return !closed
  }

  /** @param keep saves a checkpoint for users */
  async function stopTrainer(mine: Current, ending: 'cancel' | 'pause', keep = false): Promise<void> {
    if (mine.ending !== 'cancel') mine.ending = ending
    mine.training?.stop(wishOf(ending, keep))
    const saves = keep || ending === 'pause'
    const patience = saves ? (mine.training?.keepPatience ?? KEEP_PATIENCE) : STOP_PATIENCE
    const late = setTimeout(() => mine.training?.kill(), patience)
    await mine.over.promise.finally(() => clearTimeout(late))
  }

  const wakeValidator = loop(validateNext)
  /** Jobs of a cluster that is not set any more. */
  async function tellWaiting(): Promise<void> {
    const doing = 'waiting for LIMERICK_RAY, which is not set'
    for (const job of await jobs.unfinishedAt('ray')) await life.note(job, { kind: 'heartbeat', doing })
  }

  const lanes = [
    loop(() => trainNext('local')),
    ...Array.from({ length: ON_CLUSTER }, () => loop(() => trainNext('ray'))),
  ]
  const wakeTrainer = (): void => {
    for (const wake of lanes) wake()
  }

  return {
    /** Whether this computer is at work. @param by such a trainer; without it, by any */
    isTraining: (by?: TrainerName): boolean =>
      [...current.values()].some(
        ({ launcher, trainer }) => launcher === 'local' && (by ?? trainer) === trainer,
      ),

    /** Checks for new work, including jobs left from a previous run of the engine. */
    wake(): void {
      wakeValidator()
      wakeTrainer()
      if (!trainers.hasCluster) void tellWaiting().catch(printError)
    },

    /**
     * Returns when the job has stopped, within a second; with `keep`, when the current step is saved as a checkpoint.
     * @throws AppError `invalid` if the job has already ended
     */
    async cancel(id: string, keep = false): Promise<WireJob> {
      const job = await jobs.get(id)
      expectUnfinished(job, 'cancelled')
      const mine = current.get(id)
      if (mine) await stopTrainer(mine, 'cancel', keep)
      else {
        if (keep && job.status === 'paused') await life.keepPaused(job)
        await life.cancel(job)
      }
      const ended = await jobs.get(id)
      if (ended.status !== 'cancelled') expectUnfinished(ended, 'cancelled') // the job ended by itself at the same time
      return jobOnWire(ended)
    },

    /**
     * A job that trains is `pausing` first: its trainer saves its step, which may take as long as one. Then the next
     * job in the queue trains.
     * @throws AppError `invalid` if it is neither queued nor running
     */
    async pause(id: string): Promise<WireJob> {
      await jobs.get(id)
      const job = await life.pause(id)
      const mine = current.get(id)
      if (!mine) await life.paused(id)
      else if (job.status === 'pausing') void stopTrainer(mine, 'pause')
      else {
        // It has not begun to train: there is nothing to save.
        mine.ending ??= 'pause'
        mine.training?.kill()
      }
      return jobOnWire(await jobs.get(id))
    },

    /**
     * Puts a paused job back into the queue, in the order of creation.
     * @throws AppError `invalid` if it is not paused, or if its model cannot be used any more: it stays paused
     */
    async resume(id: string): Promise<WireJob> {
      const { model } = await jobs.get(id)
      const found = await models.find(model)
      if (found) models.expectUsable(found)
      const job = await life.resume(id)
      wakeTrainer()
      return jobOnWire(job)
    },

    /** Returns when nothing of the current job is being written any more. */
    async close(): Promise<void> {
      closed = true
      const all = [...current.values()]
      for (const { training } of all) training?.leave()
      await Promise.all(all.map(({ over }) => over.promise))
    },
  }
}
export type Runner = ReturnType<typeof startRunner>
