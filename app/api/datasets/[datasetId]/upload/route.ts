import { UploadDraft } from '#lib/datasets/schema.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import { route } from '#lib/http/route.ts'

export const POST = route(
  { body: UploadDraft },
  ({ params, body }) => uploadDataset(params.datasetId ?? '', body.split, body.providerId),
  { status: 201 },
)
