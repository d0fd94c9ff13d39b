import { checkpointsOf, eventFacts, metricEvents, statesOf } from './history-store.ts'
import { ms } from './remote.ts'
import type { JobDetail, Point } from './schema.ts'
import { merge } from './series.ts'
import { datasetName, findJob, findJobRow } from './store.ts'
import { asCheckpoint, asJob, asPoints, automaticOnes } from './view.ts'
import { hyperparametersOf, RemoteJob } from './wire.ts'

/**
 * A run without its curve.
 * @throws AppError not_found
 */
export async function getFacts(jobId: string): Promise<Omit<JobDetail, 'points'>> {
  const row = await findJobRow(jobId)
  const { job_json, request_json } = await findJob(jobId)
  const remote = job_json === null ? null : RemoteJob.parse(JSON.parse(job_json))
  const [states, checkpoints, validationDatasetName, { count }] = await Promise.all([
    statesOf(jobId),
    checkpointsOf(jobId),
    datasetName(row.validation_dataset_id),
    eventFacts(jobId),
  ])
  const set = remote
    ? hyperparametersOf(remote)
    : { nEpochs: null, batchSize: null, learningRateMultiplier: null }
  return {
    ...asJob(row),
    states,
    checkpoints: checkpoints.map(asCheckpoint),
    validationDatasetId: row.validation_dataset_id,
    validationDatasetName,
    hyperparameters: { ...set, auto: automaticOnes(request_json) },
    seed: remote?.seed ?? null,
    trainingFile: remote?.training_file ?? null,
    validationFile: remote?.validation_file ?? null,
    resultFiles: remote?.result_files ?? [],
    estimatedFinish: remote?.estimated_finish ? ms(remote.estimated_finish) : null,
    systemPrompt: row.system_prompt,
    question: row.question,
    eventCount: count,
  }
}

/** The curve of the run's result file, kept only where its events had none. */
export async function resultPoints(jobId: string): Promise<Point[]> {
  const { result_json } = await findJob(jobId)
  return result_json === null ? [] : (JSON.parse(result_json) as Point[])
}

/**
 * A run with all that its page shows.
 * @throws AppError not_found
 */
export async function getJob(jobId: string): Promise<JobDetail> {
  const facts = await getFacts(jobId)
  const told = asPoints(await metricEvents(jobId))
  return { ...facts, points: merge(await resultPoints(jobId), told) }
}
