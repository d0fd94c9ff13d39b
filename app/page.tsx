import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { readExampleRow } from '#components/home/example-row.ts'
import { HomePage } from '#components/home/home-page.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { getRows, listDatasets } from '#lib/datasets/view.ts'
import { afterTraining } from '#lib/home/after-training.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { jobsQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { providersQuery } from '#lib/providers/queries.ts'

/** The first row of Elle, to show what an example is. */
async function exampleRow(datasets: DatasetSummary[]) {
  const elle = datasets.find(({ sample }) => sample === 'elle')
  if (!elle) return null
  try {
    const [row] = (await getRows(elle.id, { offset: 0, limit: 1 })).rows
    return row ? readExampleRow(row.number, row.text) : null
  } catch (thrown) {
    // Home leads to everything else: it does without, as where there is no Elle.
    logInternal(failure(thrown))
    return null
  }
}

/** What has been done with what the newest job made; home does without it rather than not at all. */
async function afterNewest([newest]: readonly Job[]) {
  if (newest?.status !== 'succeeded') return null
  return afterTraining(newest.id).catch((thrown: unknown) => {
    logInternal(failure(thrown))
    return null
  })
}

export default async function Home() {
  const queries = new QueryClient()
  const [datasets, jobs, providers] = await Promise.all([
    listDatasets(),
    listJobs(),
    listProvidersWithHealth(),
  ])
  const after = await afterNewest(jobs)
  queries.setQueryData(datasetsQuery().queryKey, datasets)
  queries.setQueryData(jobsQuery().queryKey, jobs)
  queries.setQueryData(providersQuery().queryKey, providers)
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <HomePage example={await exampleRow(datasets)} after={after} today={Date.now()} />
    </HydrationBoundary>
  )
}
