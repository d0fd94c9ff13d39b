import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { JobPage } from '#components/jobs/page/job-page.tsx'
import { runName } from '#components/jobs/run-name.ts'
import { AppError } from '#lib/errors.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { getFacts, getJob } from '#lib/jobs/get.ts'
import { jobEventsQuery, jobQuery } from '#lib/jobs/queries.ts'
import { listPrices } from '#lib/providers/price-book.ts'
import { pricesQuery } from '#lib/providers/queries.ts'

interface JobAddress {
  params: Promise<{ jobId: string }>
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

export async function generateMetadata({ params }: JobAddress): Promise<Metadata> {
  const { jobId } = await params
  return { title: runName(await getFacts(jobId).catch(orNotFound)) }
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
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <JobPage key={jobId} jobId={jobId} />
    </HydrationBoundary>
  )
}
