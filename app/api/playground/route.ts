import { ndjsonStream } from '#lib/http/ndjson.ts'
import { route } from '#lib/http/route.ts'
import { planComparison, runComparison } from '#lib/playground/compare.ts'
import { listHistory } from '#lib/playground/history.ts'
import { CompareChunk, CompareRequest, History, HistoryQuery } from '#lib/playground/schema.ts'

export const GET = route({ query: HistoryQuery, answer: History }, ({ query }) => listHistory(query))

export const POST = route({ body: CompareRequest }, async ({ body, request }) => {
  const planned = await planComparison(body)
  return ndjsonStream(CompareChunk, (send, signal) => runComparison(planned, send, signal), {
    signal: request.signal,
  })
})
