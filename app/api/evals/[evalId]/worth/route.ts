import { compareCosts } from '#lib/evals/cost-comparison.ts'
import { WorthQuery } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: WorthQuery }, ({ params, query }) =>
  compareCosts(params.evalId ?? '', query),
)
