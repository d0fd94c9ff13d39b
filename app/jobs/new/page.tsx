import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import type { Earlier } from '#components/jobs/form-draft.ts'
import { JobForm } from '#components/jobs/job-form.tsx'
import { runName } from '#components/jobs/run-name.ts'
import { AppError } from '#lib/core/errors.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { translate } from '#lib/i18n/translate.ts'
import { getJob } from '#lib/jobs/get.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { pricesQuery, providersQuery, spendingQuery } from '#lib/providers/queries.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { listPrices } from '#lib/providers/training-prices.ts'

export const metadata: Metadata = { title: translate('jobs')('form.title') }

const Query = z.object({
  dataset: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  epochs: z.coerce.number().int().min(1).max(50).optional().catch(undefined),
  rate: z.coerce.number().positive().max(1000).optional().catch(undefined),
  /** A run whose settings are taken over. */
  from: z.string().optional().catch(undefined),
})

function asEarlier(job: JobDetail): Earlier {
  const { auto, ...set } = job.hyperparameters
  const chosen = (name: keyof typeof set) => (auto.includes(name) ? 'auto' : (set[name] ?? 'auto'))
  const { id, number, providerId, model, datasetId, trainingFile, validationDatasetId, suffix, seed } = job
  return {
    id,
    name: runName(job),
    number,
    providerId,
    model,
    datasetId,
    trainingFile,
    validationDatasetId,
    suffix,
    seed,
    datasetVersion: job.datasetVersion?.number ?? null,
    hyperparameters: {
      nEpochs: chosen('nEpochs'),
      batchSize: chosen('batchSize'),
      learningRateMultiplier: chosen('learningRateMultiplier'),
    },
  }
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

interface NewJobPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function NewJobPage({ searchParams }: NewJobPageProps) {
  const { from, ...wish } = Query.parse(await searchParams)
  const queries = new QueryClient()
  const [earlier] = await Promise.all([
    from ? getJob(from).then(asEarlier, orNotFound) : null,
    queries.prefetchQuery({ ...datasetsQuery(), queryFn: listDatasets }),
    queries.prefetchQuery({ ...modelsQuery(), queryFn: listModels }),
    queries.prefetchQuery({ ...pricesQuery(), queryFn: listPrices }),
    queries.prefetchQuery({ ...providersQuery(), queryFn: () => listProvidersWithHealth() }),
    queries.prefetchQuery({ ...spendingQuery(), queryFn: listSpending }),
  ])
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <JobForm key={JSON.stringify([from, wish])} earlier={earlier} wish={wish} />
    </HydrationBoundary>
  )
}
