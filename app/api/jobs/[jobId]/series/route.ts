import { route } from '#lib/http/route.ts'
import { getSeries } from '#lib/jobs/get-series.ts'
import { Series, SeriesQuery } from '#lib/jobs/series-schema.ts'

export const GET = route({ query: SeriesQuery, answer: Series }, ({ params, query }) =>
  getSeries(params.jobId ?? '', query),
)
