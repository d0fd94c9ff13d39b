import { route } from '#lib/http/route.ts'
import { compareRuns } from '#lib/jobs/compare-runs.ts'
import { CompareQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: CompareQuery }, ({ query }) => compareRuns(query.runs))
