import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { ComparePage } from '#components/jobs/compare/compare-page.tsx'
import { translate } from '#lib/i18n/translate.ts'
import { compareRuns } from '#lib/jobs/compare-runs.ts'
import { comparisonQuery } from '#lib/jobs/queries.ts'
import { CompareQuery } from '#lib/jobs/schema.ts'

export const metadata: Metadata = { title: translate('runs')('compare.title') }

interface CompareRunsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function CompareRunsPage({ searchParams }: CompareRunsPageProps) {
  const { data: query } = CompareQuery.safeParse(await searchParams)
  const queries = new QueryClient()
  // A run that is not there is told by the page, where the others can still be chosen.
  if (query)
    await queries.prefetchQuery({ ...comparisonQuery(query.runs), queryFn: () => compareRuns(query.runs) })
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <ComparePage />
    </HydrationBoundary>
  )
}
