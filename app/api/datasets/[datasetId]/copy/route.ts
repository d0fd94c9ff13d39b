import { copyRows } from '#lib/datasets/copy.ts'
import { CopyDraft, Step } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: CopyDraft, answer: Step }, ({ params, body }) =>
  copyRows(params.datasetId ?? '', body),
)
