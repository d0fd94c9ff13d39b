import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DatasetEditor } from '#components/datasets/editor/dataset-editor.tsx'
import { AppError } from '#lib/core/errors.ts'
import { datasetQuery, rowsQuery } from '#lib/datasets/queries.ts'
import { PAGE_ROWS, Place, RowFilter } from '#lib/datasets/schema.ts'
import { getDataset, getDatasetSummary, getRows, numberOf } from '#lib/datasets/view.ts'

interface DatasetPageProps {
  params: Promise<{ datasetId: string }>
  /** `row=3` or `row=row_…`, or `split=train&line=3`: the third line of the file that a job was given; and the list's filter. */
  searchParams: Promise<Record<string, string | string[] | undefined>>
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
  const asked = await searchParams
  const place = Place.parse(asked)
  const row = await numberOf(datasetId, place).catch(orNotFound)
  // A line of a job's file is a place, not a wish to see that split alone.
  const filter = place.line === undefined ? (RowFilter.safeParse(asked).data ?? {}) : {}
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
      <DatasetEditor key={datasetId} datasetId={datasetId} row={row} filter={filter} />
    </HydrationBoundary>
  )
}
