import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DatasetEditor } from '#components/datasets/dataset-editor.tsx'
import { datasetQuery } from '#lib/datasets/queries.ts'
import { PAGE_ROWS, Place } from '#lib/datasets/schema.ts'
import { getDataset, getDatasetSummary, numberOf } from '#lib/datasets/view.ts'
import { AppError } from '#lib/errors.ts'

interface DatasetPageProps {
  params: Promise<{ datasetId: string }>
  /** `row=3`, or `split=train&line=3`: the third line of the file that a job was given. */
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
  const start = await numberOf(datasetId, Place.parse(await searchParams)).catch(orNotFound)
  const offset = Math.floor((start - 1) / PAGE_ROWS) * PAGE_ROWS
  const queries = new QueryClient()
  queries.setQueryData(datasetQuery(datasetId, offset).queryKey, await getDataset(datasetId, offset))
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <DatasetEditor key={datasetId} datasetId={datasetId} start={start} />
    </HydrationBoundary>
  )
}
