import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { VersionsPage } from '#components/datasets/versions/versions-page.tsx'
import { AppError } from '#lib/core/errors.ts'
import { datasetQuery, versionsQuery } from '#lib/datasets/queries.ts'
import { listVersions } from '#lib/datasets/versions.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { translate } from '#lib/i18n/translate.ts'

interface VersionsPageProps {
  params: Promise<{ datasetId: string }>
}

export const metadata: Metadata = { title: translate('versions')('title') }

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

export default async function Versions({ params }: VersionsPageProps) {
  const { datasetId } = await params
  const queries = new QueryClient()
  queries.setQueryData(datasetQuery(datasetId).queryKey, await getDataset(datasetId).catch(orNotFound))
  queries.setQueryData(versionsQuery(datasetId).queryKey, await listVersions(datasetId))
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <VersionsPage datasetId={datasetId} />
    </HydrationBoundary>
  )
}
