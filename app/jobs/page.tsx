import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { JobList } from '#components/jobs/job-list.tsx'
import { askedFor, listAddress, viewOf } from '#components/jobs/list-address.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { listJobs, listPage } from '#lib/jobs/list.ts'
import { jobListQuery, jobsQuery, waitingQuery } from '#lib/jobs/queries.ts'
import { JobListQuery } from '#lib/jobs/schema.ts'
import { listWaiting } from '#lib/jobs/waiting.ts'
import { asked, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('jobs'))('title'),
})

interface JobsPageProps {
  searchParams: Promise<SearchParams>
}

const load = createLoader(listAddress)

export default async function JobsPage({ searchParams }: JobsPageProps) {
  const query = askedFor(viewOf(await load(searchParams)))
  const seeds = [
    asked(jobsQuery(), () => listJobs()),
    asked(waitingQuery(), listWaiting),
    asked(jobListQuery(query), () => listPage(JobListQuery.parse(query))),
  ]
  return (
    <Seeded seeds={seeds}>
      <JobList />
    </Seeded>
  )
}
