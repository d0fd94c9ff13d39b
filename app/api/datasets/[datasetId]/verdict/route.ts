import { VerdictQuery } from '#lib/datasets/schema.ts'
import { verdict } from '#lib/datasets/verdict.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: VerdictQuery }, ({ params, query }) =>
  verdict(params.datasetId ?? '', query),
)
