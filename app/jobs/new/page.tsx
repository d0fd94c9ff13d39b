import type { Metadata } from 'next'
import { z } from 'zod'
import { asEarlier } from '#components/jobs/form-draft.ts'
import { JobForm } from '#components/jobs/job-form.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { getJob } from '#lib/jobs/get.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { pricesQuery, providersQuery, spendingQuery } from '#lib/providers/queries.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { listPrices } from '#lib/providers/training-price-list.ts'
import { asked, orNotFound, Seeded } from '../../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('jobs'))('form.title'),
})

const Query = z.object({
  dataset: z.string().optional().catch(undefined),
  /** Id of a version of the dataset: its rows, not the current ones. */
  version: z.string().max(64).optional().catch(undefined),
  provider: ProviderId.optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  epochs: z.coerce.number().int().min(1).max(50).optional().catch(undefined),
  rate: z.coerce.number().positive().max(1000).optional().catch(undefined),
  /** The source job, whose settings fill the form. */
  from: z.string().optional().catch(undefined),
})

interface NewJobPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function NewJobPage({ searchParams }: NewJobPageProps) {
  const { from, ...wish } = Query.parse(await searchParams)
  const earlier = from ? await getJob(from).then(asEarlier, orNotFound) : null
  const seeds = [
    asked(datasetsQuery(), listDatasets),
    asked(modelsQuery(), listModels),
    asked(pricesQuery(), listPrices),
    asked(providersQuery(), () => listProvidersWithHealth()),
    asked(spendingQuery(), listSpending),
  ]
  return (
    <Seeded seeds={seeds}>
      <JobForm key={JSON.stringify([from, wish])} earlier={earlier} wish={wish} />
    </Seeded>
  )
}
