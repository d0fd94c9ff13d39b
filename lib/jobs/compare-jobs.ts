import { AppError } from '#lib/core/errors.ts'
import { diffVersions } from '#lib/datasets/diff.ts'
import { getJob } from './get.ts'
import type { ComparedData, ComparedSetting, JobComparison, JobDetail } from './schema.ts'

type Name = ComparedSetting['name']

const named = (job: JobDetail): string | null =>
  job.datasetName && `${job.datasetName}${job.datasetVersion ? ` v${job.datasetVersion.number}` : ''}`

const readers: Record<Name, (job: JobDetail) => string | number | null> = {
  provider: ({ providerId }) => providerId,
  model: ({ model }) => model,
  dataset: (job) => named(job) ?? job.trainingFile,
  validation: ({ validationDatasetName, validationFile }) => validationDatasetName ?? validationFile,
  trainRows: ({ trainRows }) => trainRows,
  nEpochs: ({ hyperparameters }) => hyperparameters.nEpochs,
  batchSize: ({ hyperparameters }) => hyperparameters.batchSize,
  learningRateMultiplier: ({ hyperparameters }) => hyperparameters.learningRateMultiplier,
  learningRate: ({ hyperparameters }) => hyperparameters.learningRate,
  beta: ({ hyperparameters }) => hyperparameters.beta,
  seed: ({ seed }) => seed,
  suffix: ({ suffix }) => suffix,
  totalSteps: ({ totalSteps }) => totalSteps,
  trainedTokens: ({ trainedTokens }) => trainedTokens,
  systemPrompt: ({ systemPrompt }) => systemPrompt,
}

function settingsOf(jobs: readonly JobDetail[]): ComparedSetting[] {
  return (Object.keys(readers) as Name[]).map((name) => {
    const values = jobs.map(readers[name])
    return { name, values, differs: new Set(values).size > 1 }
  })
}

/** Rows that differ between two versions of one dataset; null for different datasets and for data that is gone. */
async function rowsBetween(first: JobDetail, other: JobDetail): Promise<ComparedData['rows']> {
  const [from, to] = [first.datasetVersion, other.datasetVersion]
  if (!from || !to || first.datasetId === null || first.datasetId !== other.datasetId) return null
  if (from.id === to.id) return { added: 0, removed: 0, changed: 0, moved: 0 }
  try {
    const { added, removed, changed, moved } = await diffVersions(first.datasetId, {
      from: from.id,
      to: to.id,
      offset: 0,
      limit: 1,
    })
    return { added, removed, changed, moved }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not_found') return null
    throw thrown
  }
}

const dataOf = async (first: JobDetail, other: JobDetail): Promise<ComparedData> => ({
  from: first.id,
  to: other.id,
  datasetId: first.datasetId === other.datasetId ? first.datasetId : null,
  fromVersion: first.datasetVersion?.id ?? null,
  toVersion: other.datasetVersion?.id ?? null,
  rows: await rowsBetween(first, other),
})

const orMissing = (thrown: unknown): null => {
  if (thrown instanceof AppError && thrown.code === 'not_found') return null
  throw thrown
}

/**
 * Jobs side by side, in the order asked for: their settings, which of them differ, and what changed in the data from
 * the first job to each other one. Unknown ids are listed and left out.
 * @throws AppError not_found when no id has a job
 */
export async function compareJobs(ids: readonly string[]): Promise<JobComparison> {
  const found = await Promise.all(ids.map((id) => getJob(id).catch(orMissing)))
  const jobs = found.filter((job) => job !== null)
  if (jobs.length === 0)
    throw new AppError('not_found', ids.length === 1 ? 'jobs.none' : 'jobs.noneOfThese', { param: 'runs' })
  const [first, ...others] = jobs
  return {
    runs: jobs,
    missing: ids.filter((_, index) => found[index] === null),
    settings: settingsOf(jobs),
    data: first ? await Promise.all(others.map((other) => dataOf(first, other))) : [],
  }
}
