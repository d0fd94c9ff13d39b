import { previewRequest } from '#lib/datasets/preview.ts'
import { ImportPreview, PreviewQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ query: PreviewQuery, answer: ImportPreview }, ({ request, query }) =>
  previewRequest(request, query),
)
