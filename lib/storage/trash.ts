import { AppError } from '#lib/core/errors.ts'
import { purgeDataset } from '#lib/datasets/purge.ts'
import { deletedDatasets } from '#lib/datasets/store.ts'
import { deleteEvalsOf } from '#lib/evals/delete-store.ts'
import { noteScores } from '#lib/evals/note-scores.ts'
import { unfinishedOn as unfinishedEvals } from '#lib/evals/store.ts'
import { forgetQuestions, unfinishedOn as unfinishedJobs } from '#lib/jobs/store.ts'
import type { DeletedDataset } from './schema.ts'

/** Deleted datasets, which can be brought back or deleted for good. */
export async function listDeleted(): Promise<DeletedDataset[]> {
  const records = await deletedDatasets()
  return records.map(({ id, name, lines, deleted_at }) => ({
    id,
    name,
    lines,
    deletedAt: Number(deleted_at),
  }))
}

async function refuseUsed(datasetId: string): Promise<void> {
  const [job] = await unfinishedJobs(datasetId)
  if (job) throw new AppError('conflict', ['storage.usedByJob', { number: job.number }])
  if ((await unfinishedEvals(datasetId)).length > 0) throw new AppError('conflict', 'storage.usedByEval')
}

/**
 * Deletes a deleted dataset for good, with all its versions, the evaluations of its rows, their answers and scores. Jobs keep
 * their curves, models and system prompts; data at other providers has to be deleted there. The dataset is deleted
 * last, so that an interrupted deletion can be repeated.
 * @returns the remaining deleted datasets
 * @throws AppError not_found when it is not among the deleted ones; conflict while a job or an evaluation uses it
 */
export async function deleteForGood(datasetId: string): Promise<DeletedDataset[]> {
  if (!(await listDeleted()).some(({ id }) => id === datasetId))
    throw new AppError('not_found', 'storage.notDeleted', {
      param: 'datasetId',
    })
  await refuseUsed(datasetId)
  for (const jobId of await deleteEvalsOf(datasetId)) await noteScores(jobId)
  await forgetQuestions(datasetId)
  await purgeDataset(datasetId)
  return listDeleted()
}
