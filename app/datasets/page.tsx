import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { DatasetList } from '#components/datasets/dataset-list.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { translate } from '#lib/i18n/translate.ts'

export const metadata: Metadata = { title: translate('datasets')('title') }

export default async function DatasetsPage() {
  const queries = new QueryClient()
  await queries.prefetchQuery({ ...datasetsQuery(), queryFn: listDatasets })
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <DatasetList />
    </HydrationBoundary>
  )
}
