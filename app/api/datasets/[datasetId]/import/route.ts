import { importRows, incomingFrom } from '#lib/datasets/import.ts'
import { ImportQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ query: ImportQuery }, ({ params, request, query }) =>
  importRows(params.datasetId ?? '', incomingFrom(request, query)),
)
