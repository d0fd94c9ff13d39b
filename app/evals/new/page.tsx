import type { Metadata } from 'next'
import { z } from 'zod'
import { EvalForm } from '#components/evals/eval-form.tsx'
import type { Bar, EvalRun } from '#components/evals/form-draft.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { beginEval } from '#lib/evals/begin.ts'
import { gradersFor } from '#lib/evals/checkpoint-evals.ts'
import { getEval } from '#lib/evals/get.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { listJobs } from '#lib/jobs/list.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { asked, known, orNotFound, Seeded } from '../../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('evals'))('form.title'),
})

const Id = z.string().max(64).optional().catch(undefined)
const Query = z.object({ job: Id, dataset: Id, recording: Id })

interface NewEvalPageProps {
  /**
   * `job=run_…` preselects its base model and fine-tuned model, `dataset=data_…` its rows,
   * `recording=eval_…` the recorded answers that a successor is compared with.
   */
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The fine-tuned model of the previous job on the same dataset. */
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
  finalStep: job.finalStep,
  checkpoints: job.checkpoints.map(({ step, model }) => ({ step, model })),
})

/** Two recorded answers, where possible that at temperature 0 and one at 1: the others would say the same once more. */
async function barOf(evalId: string): Promise<Bar> {
  const { columns, sampling } = await getEval(evalId, { limit: 0 })
  const answers = columns
    .filter(({ answered }) => answered > 0)
    .slice(0, 2)
    .map(({ providerId, model, sampling: own }) => ({ providerId, model, sampling: own }))
  return { columns: answers, sampling }
}

export default async function NewEvalPage({ searchParams }: NewEvalPageProps) {
  const { job, dataset, recording } = Query.parse(await searchParams)
  const datasets = await listDatasets()
  const begin = await beginEval({ job, dataset }, datasets).catch(orNotFound)
  const run = begin.job && (await asRun(begin.job))
  const datasetId = begin.datasetId ?? ''
  const seeds = [known(datasetsQuery(), datasets), asked(modelsQuery(), listModels)]
  const graders = datasetId ? await gradersFor(datasetId) : null
  const bar = recording ? await barOf(recording).catch(orNotFound) : null
  const wish = { run, datasetId, graders, bar, asked: dataset ?? null }
  return (
    <Seeded seeds={seeds}>
      <EvalForm key={`${run?.id} ${datasetId}`} wish={wish} />
    </Seeded>
  )
}
