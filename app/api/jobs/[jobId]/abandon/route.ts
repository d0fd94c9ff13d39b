import { route } from '#lib/http/route.ts'
import { abandonJob } from '#lib/jobs/abandon.ts'
import { Job } from '#lib/jobs/schema.ts'

export const POST = route({ answer: Job }, ({ params }) => abandonJob(params.jobId ?? ''))
