import { importDataset, incomingFrom } from '#lib/datasets/import.ts'
import { ImportQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route(
  { query: ImportQuery },
  ({ request, query }) => importDataset(incomingFrom(request, query)),
  { status: 201 },
)
