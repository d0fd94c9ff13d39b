import { updateRow } from '#lib/datasets/edit-row.ts'
import { RowChange, SavedRow } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const PATCH = route({ body: RowChange, answer: SavedRow }, ({ params, body }) =>
  updateRow(params.datasetId ?? '', params.rowId ?? '', body),
)
