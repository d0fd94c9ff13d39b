import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { JobList } from '#components/jobs/job-list.tsx'
import { askedFor, readList } from '#components/jobs/list-address.ts'
import { translate } from '#lib/i18n/translate.ts'
import { listJobs, listPage } from '#lib/jobs/list.ts'
import { jobListQuery, jobsQuery } from '#lib/jobs/queries.ts'
import { JobListQuery } from '#lib/jobs/schema.ts'

export const metadata: Metadata = { title: translate('jobs')('title') }

interface JobsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const searchOf = (query: Record<string, string | string[] | undefined>): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  ).toString()

export default async function JobsPage({ searchParams }: JobsPageProps) {
  const asked = askedFor(readList(searchOf(await searchParams)))
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
