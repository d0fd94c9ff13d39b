import { route } from '#lib/http/route.ts'
import { cancelJob } from '#lib/jobs/cancel.ts'

export const POST = route({}, ({ params }) => cancelJob(params.jobId ?? ''))
