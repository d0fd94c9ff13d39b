import { addRow } from '#lib/datasets/rows.ts'
import { RowDraft } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: RowDraft }, ({ params, body }) => addRow(params.datasetId ?? '', body), {
  status: 201,
})
