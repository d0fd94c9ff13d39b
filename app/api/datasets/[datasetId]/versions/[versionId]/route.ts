import { DatasetSummary } from '#lib/datasets/schema.ts'
import { getVersionSummary } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ answer: DatasetSummary }, ({ params }) =>
  getVersionSummary(params.datasetId ?? '', params.versionId ?? ''),
)
