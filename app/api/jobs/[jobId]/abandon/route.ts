import { route } from '#lib/http/route.ts'
import { abandonJob } from '#lib/jobs/abandon.ts'

export const POST = route({}, ({ params }) => abandonJob(params.jobId ?? ''))
