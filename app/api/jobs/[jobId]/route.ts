import { route } from '#lib/http/route.ts'
import { getJob } from '#lib/jobs/get.ts'
import { JobDetail } from '#lib/jobs/schema.ts'

export const GET = route({ answer: JobDetail }, ({ params }) => getJob(params.jobId ?? ''))
