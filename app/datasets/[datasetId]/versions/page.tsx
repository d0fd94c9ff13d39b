import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { VersionsPage } from '#components/datasets/versions/versions-page.tsx'
import { AppError } from '#lib/core/errors.ts'
import { datasetQuery, versionsQuery } from '#lib/datasets/queries.ts'
import { DiffQuery } from '#lib/datasets/schema.ts'
import { listVersions } from '#lib/datasets/versions.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { translate } from '#lib/i18n/translate.ts'

interface VersionsPageProps {
  params: Promise<{ datasetId: string }>
  /** `from` and `to`: ids of versions, or `draft`. */
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export const metadata: Metadata = { title: translate('versions')('title') }

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

export default async function Versions({ params, searchParams }: VersionsPageProps) {
  const { datasetId } = await params
  const sides = DiffQuery.pick({ from: true, to: true }).safeParse(await searchParams).data ?? null
  const queries = new QueryClient()
  queries.setQueryData(datasetQuery(datasetId).queryKey, await getDataset(datasetId).catch(orNotFound))
  queries.setQueryData(versionsQuery(datasetId).queryKey, await listVersions(datasetId))
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <VersionsPage datasetId={datasetId} start={sides} />
    </HydrationBoundary>
  )
}
