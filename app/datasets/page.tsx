import type { Metadata } from 'next'
import { DatasetList } from '#components/datasets/dataset-list.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { deletedQuery } from '#lib/storage/queries.ts'
import { listDeleted } from '#lib/storage/trash.ts'
import { asked, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('datasets'))('title'),
})

export default async function DatasetsPage() {
  const seeds = [asked(datasetsQuery(), listDatasets), asked(deletedQuery(), listDeleted)]
  return (
    <Seeded seeds={seeds}>
      <DatasetList />
    </Seeded>
  )
}
