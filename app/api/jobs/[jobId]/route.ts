import { route } from '#lib/http/route.ts'
import { getJob } from '#lib/jobs/get.ts'

export const GET = route({}, ({ params }) => getJob(params.jobId ?? ''))
