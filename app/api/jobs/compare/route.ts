import { route } from '#lib/http/route.ts'
import { compareRuns } from '#lib/jobs/compare-runs.ts'
import { CompareQuery, RunComparison } from '#lib/jobs/schema.ts'

export const GET = route({ query: CompareQuery, answer: RunComparison }, ({ query }) =>
  compareRuns(query.runs),
)
