import { DatasetChange } from '#lib/datasets/schema.ts'
import { updateDataset } from '#lib/datasets/update-dataset.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({}, ({ params }) => getDataset(params.datasetId ?? ''))
export const PATCH = route({ body: DatasetChange }, ({ params, body }) =>
  updateDataset(params.datasetId ?? '', body),
)
