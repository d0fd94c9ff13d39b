import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { createLoader, type SearchParams } from 'nuqs/server'
import { editorAddress, filterOf } from '#components/datasets/editor/address.ts'
import { DatasetEditor } from '#components/datasets/editor/dataset-editor.tsx'
import { AppError } from '#lib/core/errors.ts'
import { datasetQuery, rowsQuery } from '#lib/datasets/queries.ts'
import { PAGE_ROWS, Place } from '#lib/datasets/schema.ts'
import { getDataset, getDatasetSummary, getRows, numberOf } from '#lib/datasets/view.ts'

const load = createLoader(editorAddress)

interface DatasetPageProps {
  params: Promise<{ datasetId: string }>
  searchParams: Promise<SearchParams>
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

export async function generateMetadata({ params }: DatasetPageProps): Promise<Metadata> {
  const { datasetId } = await params
  const dataset = await getDatasetSummary(datasetId).catch(orNotFound)
  return { title: dataset.name }
}

export default async function DatasetPage({ params, searchParams }: DatasetPageProps) {
  const { datasetId } = await params
  const asked = await load(searchParams)
  const row = await numberOf(datasetId, Place.parse(asked)).catch(orNotFound)
  const filter = filterOf(asked)
  const offset = Object.keys(filter).length > 0 ? 0 : Math.floor((row - 1) / PAGE_ROWS) * PAGE_ROWS
  const queries = new QueryClient()
  // What cannot be read, as of a damaged file, is left to the page: it asks again, and shows the error in its words.
  await queries.prefetchQuery({ ...datasetQuery(datasetId), queryFn: () => getDataset(datasetId) })
  await queries.prefetchQuery({
    ...rowsQuery(datasetId, filter, offset),
    queryFn: () => getRows(datasetId, { ...filter, offset, limit: PAGE_ROWS }),
  })
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <DatasetEditor key={datasetId} datasetId={datasetId} row={row} />
    </HydrationBoundary>
  )
}
