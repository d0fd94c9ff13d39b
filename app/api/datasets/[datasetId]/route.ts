import { DatasetChange, DatasetSummary, DatasetView } from '#lib/datasets/schema.ts'
import { updateDataset } from '#lib/datasets/update-dataset.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ answer: DatasetView }, ({ params }) => getDataset(params.datasetId ?? ''))
export const PATCH = route({ body: DatasetChange, answer: DatasetSummary.nullable() }, ({ params, body }) =>
  updateDataset(params.datasetId ?? '', body),
)
