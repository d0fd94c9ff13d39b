import { route } from '#lib/http/route.ts'
import { reconcileJob } from '#lib/jobs/reconcile.ts'

export const POST = route({}, ({ params }) => reconcileJob(params.jobId ?? ''))
