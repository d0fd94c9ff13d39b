import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { compareAddress, idsOf } from '#components/jobs/compare/address.ts'
import { ComparePage } from '#components/jobs/compare/compare-page.tsx'
import { requestWords } from '#lib/i18n/request.ts'
import { compareJobs } from '#lib/jobs/compare-jobs.ts'
import { comparisonQuery } from '#lib/jobs/queries.ts'
import { asked, Seeded } from '../../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('jobList'))('compare.title'),
})

interface CompareRunsPageProps {
  searchParams: Promise<SearchParams>
}

const load = createLoader(compareAddress)

export default async function CompareRunsPage({ searchParams }: CompareRunsPageProps) {
  const ids = idsOf(await load(searchParams))
  // The page reports a missing job itself, where the user can still select the others.
  const seeds = ids.length > 0 ? [asked(comparisonQuery(ids), () => compareJobs(ids))] : []
  return (
    <Seeded seeds={seeds}>
      <ComparePage />
    </Seeded>
  )
}
