import { changeRows } from '#lib/datasets/bulk-edit.ts'
import { ChangeDraft, Step } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: ChangeDraft, answer: Step }, ({ params, body }) =>
  changeRows(params.datasetId ?? '', body),
)
