import { route } from '#lib/http/route.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { EventQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: EventQuery }, ({ params, query }) => jobEvents(params.jobId ?? '', query))
