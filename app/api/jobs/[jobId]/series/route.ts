import { route } from '#lib/http/route.ts'
import { getSeries } from '#lib/jobs/get-series.ts'
import { SeriesQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: SeriesQuery }, ({ params, query }) => getSeries(params.jobId ?? '', query))
