import { receiveImport } from '#lib/datasets/import.ts'
import { ImportNews, ImportQuery } from '#lib/datasets/schema.ts'
import { ndjsonStream } from '#lib/http/ndjson.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ query: ImportQuery }, async ({ request, query }) =>
  ndjsonStream(ImportNews, await receiveImport(request, query, null), { signal: request.signal }),
)
