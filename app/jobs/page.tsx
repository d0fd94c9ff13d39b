import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { JobList } from '#components/jobs/job-list.tsx'
import { translate } from '#lib/i18n/translate.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { jobsQuery } from '#lib/jobs/queries.ts'

export const metadata: Metadata = { title: translate('jobs')('title') }

export default async function JobsPage() {
  const queries = new QueryClient()
  await queries.prefetchQuery({ ...jobsQuery(), queryFn: () => listJobs() })
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <JobList />
    </HydrationBoundary>
  )
}
