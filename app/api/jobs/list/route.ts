import { route } from '#lib/http/route.ts'
import { listPage } from '#lib/jobs/list.ts'
import { JobListQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: JobListQuery }, ({ query }) => listPage(query))
