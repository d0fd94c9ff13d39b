import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { editorAddress, filterOf } from '#components/datasets/editor/address.ts'
import { DatasetEditor } from '#components/datasets/editor/dataset-editor.tsx'
import { PAGE_ROWS } from '#lib/datasets/constants.ts'
import { datasetQuery, rowsQuery } from '#lib/datasets/queries.ts'
import { Place } from '#lib/datasets/schema.ts'
import { getDataset, getDatasetSummary, getRows, numberOf } from '#lib/datasets/view.ts'
import { asked, orNotFound, Seeded } from '../../seeded.tsx'

const load = createLoader(editorAddress)

interface DatasetPageProps {
  params: Promise<{ datasetId: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: DatasetPageProps): Promise<Metadata> {
  const { datasetId } = await params
  const dataset = await getDatasetSummary(datasetId).catch(orNotFound)
  return { title: dataset.name }
}

export default async function DatasetPage({ params, searchParams }: DatasetPageProps) {
  const { datasetId } = await params
  const address = await load(searchParams)
  const row = await numberOf(datasetId, Place.parse(address)).catch(orNotFound)
  const filter = filterOf(address)
  const offset = Object.keys(filter).length > 0 ? 0 : Math.floor((row - 1) / PAGE_ROWS) * PAGE_ROWS
  const seeds = [
    asked(datasetQuery(datasetId), () => getDataset(datasetId)),
    asked(rowsQuery(datasetId, filter, offset), () =>
      getRows(datasetId, { ...filter, offset, limit: PAGE_ROWS }),
    ),
  ]
  return (
    <Seeded seeds={seeds}>
      <DatasetEditor key={datasetId} datasetId={datasetId} row={row} />
    </Seeded>
  )
}
