import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { DatasetList } from '#components/datasets/dataset-list.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { translate } from '#lib/i18n/translate.ts'
import { deletedQuery } from '#lib/storage/queries.ts'
import { listDeleted } from '#lib/storage/trash.ts'

export const metadata: Metadata = { title: translate('datasets')('title') }

export default async function DatasetsPage() {
  const queries = new QueryClient()
  await queries.prefetchQuery({ ...datasetsQuery(), queryFn: listDatasets })
  await queries.prefetchQuery({ ...deletedQuery(), queryFn: listDeleted })
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <DatasetList />
    </HydrationBoundary>
  )
}
