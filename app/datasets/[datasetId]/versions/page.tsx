import type { Metadata } from 'next'
import { VersionsPage } from '#components/datasets/versions/versions-page.tsx'
import { datasetQuery, versionsQuery } from '#lib/datasets/queries.ts'
import { listVersions } from '#lib/datasets/versions.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { known, orNotFound, Seeded } from '../../../seeded.tsx'

interface VersionsPageProps {
  params: Promise<{ datasetId: string }>
}

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('versions'))('title'),
})

export default async function Versions({ params }: VersionsPageProps) {
  const { datasetId } = await params
  const seeds = [
    known(datasetQuery(datasetId), await getDataset(datasetId).catch(orNotFound)),
    known(versionsQuery(datasetId), await listVersions(datasetId)),
  ]
  return (
    <Seeded seeds={seeds}>
      <VersionsPage datasetId={datasetId} />
    </Seeded>
  )
}
