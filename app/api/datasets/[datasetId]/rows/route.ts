import { addRow } from '#lib/datasets/edit-row.ts'
import { RowDraft, RowsPage, RowsQuery, SavedRow } from '#lib/datasets/schema.ts'
import { getRows } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: RowsQuery, answer: RowsPage }, ({ params, query }) =>
  getRows(params.datasetId ?? '', query),
)
export const POST = route(
  { body: RowDraft, answer: SavedRow },
  ({ params, body }) => addRow(params.datasetId ?? '', body),
  {
    status: 201,
  },
)
