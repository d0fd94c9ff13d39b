import { previewRequest } from '#lib/datasets/preview.ts'
import { PreviewQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ query: PreviewQuery }, ({ request, query }) => previewRequest(request, query))
