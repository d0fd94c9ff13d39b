import { previewChange } from '#lib/datasets/bulk-edit.ts'
import { ChangePreview, ChangePreviewDraft } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: ChangePreviewDraft, answer: ChangePreview }, ({ params, body, request }) =>
  previewChange(params.datasetId ?? '', body.change, request.signal),
)
