import { ndjsonStream } from '#lib/http/ndjson.ts'
import { route } from '#lib/http/route.ts'
import { compare } from '#lib/playground/compare.ts'
import { type CompareChunk, CompareRequest } from '#lib/playground/schema.ts'

export const POST = route({ body: CompareRequest }, ({ body, request }) =>
  ndjsonStream<CompareChunk>((send, signal) => compare(body, send, signal), { signal: request.signal }),
)
