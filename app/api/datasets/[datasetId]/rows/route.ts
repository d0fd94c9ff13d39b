import { addRow } from '#lib/datasets/edit-row.ts'
import { RowDraft, RowsQuery } from '#lib/datasets/schema.ts'
import { getRows } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: RowsQuery }, ({ params, query }) => getRows(params.datasetId ?? '', query))
export const POST = route({ body: RowDraft }, ({ params, body }) => addRow(params.datasetId ?? '', body), {
  status: 201,
})
