import { route } from '#lib/http/route.ts'
import { listPage } from '#lib/jobs/list.ts'
import { JobListPage, JobListQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: JobListQuery, answer: JobListPage }, ({ query }) => listPage(query))
