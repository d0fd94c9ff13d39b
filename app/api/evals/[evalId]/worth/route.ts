import { compareCosts } from '#lib/evals/cost-comparison.ts'
import { Worth } from '#lib/evals/cost-schema.ts'
import { WorthQuery } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: WorthQuery, answer: Worth }, ({ params, query }) =>
  compareCosts(params.evalId ?? '', query),
)
