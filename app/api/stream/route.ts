import { z } from 'zod'
import { liveDatasets } from '#lib/datasets/live.ts'
import { liveEvals } from '#lib/evals/live.ts'
import { EvalProgress } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'
import { eventStream, together } from '#lib/http/sse.ts'
import { checkWatched, live } from '#lib/jobs/job-stream.ts'
import { LiveMessage, StreamQuery } from '#lib/jobs/schema.ts'
import { liveRescues } from '#lib/rescue/live.ts'
import { Rescue } from '#lib/rescue/schema.ts'

export const GET = route({ query: StreamQuery }, async ({ query, request }) => {
  await checkWatched(query.job)
  const since = request.headers.get('last-event-id') ?? query.since
  return eventStream(
    { live: LiveMessage, evals: z.array(EvalProgress), datasets: z.string(), rescues: z.array(Rescue) },
    (signal) =>
      together(
        live(query.job, since, signal, query.lasting),
        liveEvals(signal, query.lasting),
        liveDatasets(signal, query.lasting),
        liveRescues(signal, query.lasting),
      ),
    { signal: request.signal },
  )
})
