import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { EventQuery, JobEvent } from '#lib/jobs/schema.ts'

export const GET = route({ query: EventQuery, answer: z.array(JobEvent) }, ({ params, query }) =>
  jobEvents(params.jobId ?? '', query),
)
