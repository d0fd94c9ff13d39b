import { route } from '#lib/http/route.ts'
import { SeriesQuery } from '#lib/jobs/schema.ts'
import { getSeries } from '#lib/jobs/series-of.ts'

export const GET = route({ query: SeriesQuery }, ({ params, query }) => getSeries(params.jobId ?? '', query))
