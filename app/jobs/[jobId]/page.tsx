import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { JobPage } from '#components/jobs/page/job-page.tsx'
import { runName } from '#components/jobs/run-name.ts'
import { AppError } from '#lib/core/errors.ts'
import { evalKeys } from '#lib/evals/queries.ts'
import { scoresOf } from '#lib/evals/scores.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import { jobEventsQuery, jobQuery } from '#lib/jobs/queries.ts'
import { pricesQuery } from '#lib/providers/queries.ts'
import { listPrices } from '#lib/providers/training-prices.ts'

interface JobAddress {
  params: Promise<{ jobId: string }>
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

export async function generateMetadata({ params }: JobAddress): Promise<Metadata> {
  const { jobId } = await params
  return { title: runName(await getJob(jobId).catch(orNotFound)) }
}

export default async function RunPage({ params }: JobAddress) {
  const { jobId } = await params
  const [job, events, prices] = await Promise.all([getJob(jobId), jobEvents(jobId), listPrices()]).catch(
    orNotFound,
  )
  const queries = new QueryClient()
  queries.setQueryData(jobQuery(jobId).queryKey, job)
  queries.setQueryData(jobEventsQuery(jobId).queryKey, events)
  queries.setQueryData(pricesQuery().queryKey, prices)
  if (job.status === 'succeeded')
    // A fault of theirs is told in their own panel, where it is asked again.
    await queries.prefetchQuery({ queryKey: evalKeys.scores(jobId), queryFn: () => scoresOf(jobId) })
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <JobPage key={jobId} jobId={jobId} />
    </HydrationBoundary>
  )
}
