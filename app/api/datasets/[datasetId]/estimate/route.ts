import { estimate } from '#lib/datasets/estimate.ts'
import { Estimate, EstimateQuery } from '#lib/datasets/estimate-schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EstimateQuery, answer: Estimate }, ({ params, query }) =>
  estimate(params.datasetId ?? '', query),
)
