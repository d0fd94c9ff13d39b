import { route } from '#lib/http/route.ts'
import { eventStream } from '#lib/http/sse.ts'
import { checkWatched, live } from '#lib/jobs/live.ts'
import { StreamQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: StreamQuery }, async ({ query, request }) => {
  await checkWatched(query.job)
  return eventStream(
    (signal) => live(query.job, request.headers.get('last-event-id') ?? query.since, signal, query.lasting),
    { signal: request.signal },
  )
})
