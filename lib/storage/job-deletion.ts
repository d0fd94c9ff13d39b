import { AppError } from '#lib/core/errors.ts'
import { inTransaction } from '#lib/db/studio.ts'
import { forgetJob as forgetInEvals, openEvalsOf } from '#lib/evals/delete-store.ts'
import { countEvalsOf } from '#lib/evals/store.ts'
import { eraseJob, trainedFrom } from '#lib/jobs/delete-store.ts'
import { eachJob } from '#lib/jobs/each-job.ts'
import { getJob } from '#lib/jobs/get.ts'
import type { JobDetail, Outcome } from '#lib/jobs/schema.ts'
import { isTerminal } from '#lib/jobs/status.ts'
import { aliasesOf } from '#lib/models/alias-store.ts'
import { removeModel } from '#lib/models/delete-model.ts'
import { refKey } from '#lib/models/ref.ts'
import { deletedModels } from '#lib/models/store.ts'
import { comparisonsOf, forgetJob as forgetInComparisons } from '#lib/playground/store.ts'
import type { JobDependents } from './schema.ts'

/** Names of the models that a job made and that were not deleted, the result last. */
async function modelsOf({ providerId, fineTunedModel, checkpoints }: JobDetail): Promise<string[]> {
  const gone = await deletedModels()
  const made = new Set([
    ...checkpoints.map(({ model }) => model),
    ...(fineTunedModel ? [fineTunedModel] : []),
  ])
  return [...made].filter((model) => !gone.has(refKey({ providerId, model })))
}

async function aliasesOfAll(
  providerId: JobDetail['providerId'],
  models: readonly string[],
): Promise<string[]> {
  const names = await Promise.all(models.map((model) => aliasesOf(providerId, model)))
  return names.flat().sort()
}

interface Used {
  job: JobDetail
  models: string[]
  aliases: string[]
  /** Jobs that were trained further from one of the models. */
  further: Awaited<ReturnType<typeof trainedFrom>>
}

/** A job's models are deleted with it on this computer; at another provider they stay. */
const isHere = ({ providerId }: JobDetail): boolean => providerId === 'embedded'

async function usesOf(jobId: string): Promise<Used> {
  const job = await getJob(jobId)
  const models = await modelsOf(job)
  const [aliases, further] = await Promise.all([
    aliasesOfAll(job.providerId, models),
    trainedFrom(job.providerId, models),
  ])
  return { job, models, aliases, further }
}

/** What forbids the deletion of a job, with what to do first. */
async function obstacleOf({ job, models, aliases, further }: Used): Promise<AppError | null> {
  const { number } = job
  if (!isTerminal(job.status)) return new AppError('conflict', ['storage.jobActive', { number }])
  if (!isHere(job)) return null
  if (aliases.length > 0)
    return new AppError('conflict', [
      'storage.jobAliased',
      { number, names: aliases.join(', '), count: aliases.length },
    ])
  const training = further.find(({ finished_at }) => finished_at === null)
  if (training)
    return new AppError('conflict', ['storage.jobTrainedFurther', { number, other: training.number }])
  if ((await openEvalsOf(job.providerId, models)).length > 0)
    return new AppError('conflict', ['storage.jobAsked', { number }])
  return null
}

async function dependentsOf(jobId: string): Promise<JobDependents> {
  const used = await usesOf(jobId)
  const { job, models, aliases, further } = used
  const [obstacle, evaluations, comparisons] = await Promise.all([
    obstacleOf(used),
    countEvalsOf(jobId),
    comparisonsOf(jobId),
  ])
  return {
    id: job.id,
    providerId: job.providerId,
    obstacle: obstacle?.words ?? null,
    here: isHere(job),
    models: models.length,
    aliases,
    further: further.map(({ number }) => number),
    ...{ evaluations, comparisons },
  }
}

/**
 * What depends on jobs, in their order, and what forbids their deletion.
 * @throws AppError not_found
 */
export const jobDependents = (jobIds: readonly string[]): Promise<JobDependents[]> =>
  Promise.all(jobIds.map(dependentsOf))

/**
 * Deletes a job that has ended, for good: its curve, events, checkpoints and its models on this computer. Evaluations and
 * comparisons stay without a link to it, and so does what it cost. The record goes last, so that an interrupted deletion
 * can be repeated.
 */
async function deleteJob(jobId: string): Promise<void> {
  const used = await usesOf(jobId)
  const obstacle = await obstacleOf(used)
  if (obstacle) throw obstacle
  const { job, models, further } = used
  if (isHere(job)) {
    // A model that others were trained from may be needed by theirs: if the engine refuses, then before any is gone.
    const needed = new Set(further.map(({ model }) => model))
    const inOrder = models.toSorted((a, b) => Number(needed.has(b)) - Number(needed.has(a)))
    for (const model of inOrder) await removeModel({ providerId: job.providerId, model })
  }
  await inTransaction(async (db) => {
    await forgetInEvals(jobId, db)
    await forgetInComparisons(jobId, db)
    await eraseJob(jobId, db)
  })
}

/**
 * Deletes jobs, each by itself; those that were trained from others before these.
 * @throws AppError not_found
 */
export async function deleteJobs(jobIds: readonly string[]): Promise<Outcome> {
  const jobs = await Promise.all(jobIds.map((id) => getJob(id)))
  const newestFirst = jobs.toSorted((a, b) => b.number - a.number).map(({ id }) => id)
  return eachJob(newestFirst, deleteJob)
}
