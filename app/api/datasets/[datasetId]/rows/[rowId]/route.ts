import { updateRow } from '#lib/datasets/edit-row.ts'
import { RowChange } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const PATCH = route({ body: RowChange }, ({ params, body }) =>
  updateRow(params.datasetId ?? '', params.rowId ?? '', body),
)
