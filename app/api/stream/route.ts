import { route } from '#lib/http/route.ts'
import { eventStream } from '#lib/http/sse.ts'
import { live } from '#lib/jobs/live.ts'
import { StreamQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: StreamQuery }, ({ query, request }) =>
  eventStream(
    (signal) => live(query.job, request.headers.get('last-event-id') ?? query.since, signal, query.lasting),
    { signal: request.signal },
  ),
)
