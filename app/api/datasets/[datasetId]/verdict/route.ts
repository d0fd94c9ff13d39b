import { VerdictQuery } from '#lib/datasets/estimate-schema.ts'
import { verdict } from '#lib/datasets/verdict.ts'
import { route } from '#lib/http/route.ts'
import { Verdict } from '#lib/training-data/schema.ts'

export const GET = route({ query: VerdictQuery, answer: Verdict }, ({ params, query }) =>
  verdict(params.datasetId ?? '', query),
)
