import { updateDataset } from '#lib/datasets/change.ts'
import { DatasetChange, RowsQuery } from '#lib/datasets/schema.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: RowsQuery }, ({ params, query }) =>
  getDataset(params.datasetId ?? '', query.offset, query.limit),
)
export const PATCH = route({ body: DatasetChange }, ({ params, body }) =>
  updateDataset(params.datasetId ?? '', body),
)
