import { route } from '#lib/http/route.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { JobDraft, JobQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: JobQuery }, ({ query }) => listJobs(query))

export const POST = route({ body: JobDraft }, ({ body }) => launchJob(body), { status: 201 })
