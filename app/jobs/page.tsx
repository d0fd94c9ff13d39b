import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { JobList } from '#components/jobs/job-list.tsx'
import { askedFor, listAddress, viewOf } from '#components/jobs/list-address.ts'
import { translate } from '#lib/i18n/translate.ts'
import { listJobs, listPage } from '#lib/jobs/list.ts'
import { jobListQuery, jobsQuery } from '#lib/jobs/queries.ts'
import { JobListQuery } from '#lib/jobs/schema.ts'

export const metadata: Metadata = { title: translate('jobs')('title') }

interface JobsPageProps {
  searchParams: Promise<SearchParams>
}

const load = createLoader(listAddress)

export default async function JobsPage({ searchParams }: JobsPageProps) {
  const asked = askedFor(viewOf(await load(searchParams)))
  const queries = new QueryClient()
  await Promise.all([
    queries.prefetchQuery({ ...jobsQuery(), queryFn: () => listJobs() }),
    queries.prefetchQuery({ ...jobListQuery(asked), queryFn: () => listPage(JobListQuery.parse(asked)) }),
  ])
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <JobList />
    </HydrationBoundary>
  )
}
