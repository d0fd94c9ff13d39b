import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { EvalForm } from '#components/evals/eval-form.tsx'
import type { EvalRun } from '#components/evals/form-draft.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { AppError } from '#lib/errors.ts'
import { gradersFor } from '#lib/evals/sweep.ts'
import { translate } from '#lib/i18n/translate.ts'
import { getJob } from '#lib/jobs/get.ts'
import { listJobs } from '#lib/jobs/list.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { ModelRef } from '#lib/models/schema.ts'

export const metadata: Metadata = { title: translate('evals')('form.title') }

const Id = z.string().max(64).optional().catch(undefined)
const Query = z.object({ job: Id, dataset: Id })

interface NewEvalPageProps {
  /** `job=run_…` fills in its base and its model, `dataset=data_…` its rows. */
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

/** The newest run, of this dataset where one is named, that has something to evaluate. */
async function newestRun(dataset: string | undefined): Promise<string | undefined> {
  const jobs = await listJobs(dataset ? { dataset } : {})
  return jobs.find(({ fineTunedModel }) => fineTunedModel !== null)?.id
}

/** What the run before it made of the same dataset. */
async function modelBefore({ datasetId, number }: JobDetail): Promise<ModelRef | null> {
  if (datasetId === null) return null
  const jobs = await listJobs({ dataset: datasetId })
  const before = jobs.find((job) => job.number < number && job.fineTunedModel !== null)
  return before?.fineTunedModel ? { providerId: before.providerId, model: before.fineTunedModel } : null
}

const asRun = async (job: JobDetail): Promise<EvalRun> => ({
  before: await modelBefore(job),
  ...{ id: job.id, number: job.number, suffix: job.suffix, datasetName: job.datasetName },
  ...{ providerId: job.providerId, model: job.model, fineTunedModel: job.fineTunedModel },
  ...{ datasetId: job.datasetId, datasetVersion: job.datasetVersion, totalSteps: job.totalSteps },
  checkpoints: job.checkpoints.map(({ step, model }) => ({ step, model })),
})

/** The wished one, the run's own, or the first that holds rows back. */
const datasetOf = (datasets: readonly DatasetSummary[], wished: string | undefined, run: EvalRun | null) =>
  datasets.find(({ id }) => id === (wished ?? run?.datasetId)) ??
  datasets.find(({ heldout }) => heldout.examples > 0) ??
  datasets[0]

export default async function NewEvalPage({ searchParams }: NewEvalPageProps) {
  const { job, dataset } = Query.parse(await searchParams)
  const queries = new QueryClient()
  const runId = job ?? (await newestRun(dataset))
  const [run, datasets] = await Promise.all([
    runId ? getJob(runId).then(asRun, orNotFound) : null,
    listDatasets(),
    queries.prefetchQuery({ ...modelsQuery(), queryFn: listModels }),
  ])
  queries.setQueryData(datasetsQuery().queryKey, datasets)
  const datasetId = datasetOf(datasets, dataset, run)?.id ?? ''
  const graders = datasetId ? await gradersFor(datasetId) : null
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <EvalForm key={`${runId} ${datasetId}`} wish={{ run, datasetId, graders }} />
    </HydrationBoundary>
  )
}
