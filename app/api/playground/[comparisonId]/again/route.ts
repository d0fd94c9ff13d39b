import { ndjsonStream } from '#lib/http/ndjson.ts'
import { route } from '#lib/http/route.ts'
import { planAgain, runComparison } from '#lib/playground/compare.ts'
import { AgainDraft, CompareChunk } from '#lib/playground/schema.ts'

export const POST = route({ body: AgainDraft }, async ({ params, body, request }) => {
  const planned = await planAgain(params.comparisonId ?? '', body.place)
  return ndjsonStream(CompareChunk, (send, signal) => runComparison(planned, send, signal), {
    signal: request.signal,
  })
})
