import { UploadDraft, UploadNews } from '#lib/datasets/schema.ts'
import { sendDataset } from '#lib/datasets/upload.ts'
import { ndjsonStream } from '#lib/http/ndjson.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: UploadDraft }, ({ params, body, request }) =>
  ndjsonStream(UploadNews, (tell) => sendDataset(params.datasetId ?? '', body, tell), {
    signal: request.signal,
  }),
)
