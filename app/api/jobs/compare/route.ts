import { route } from '#lib/http/route.ts'
import { compareJobs } from '#lib/jobs/compare-jobs.ts'
import { CompareQuery, JobComparison } from '#lib/jobs/schema.ts'

export const GET = route({ query: CompareQuery, answer: JobComparison }, ({ query }) =>
  compareJobs(query.runs),
)
