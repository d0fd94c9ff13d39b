import { route } from '#lib/http/route.ts'
import { changeJob } from '#lib/jobs/pause.ts'
import { Job } from '#lib/jobs/schema.ts'

export const POST = route({ answer: Job }, ({ params }) => changeJob(params.jobId ?? '', 'resume'))
