import { route } from '#lib/http/route.ts'
import { reconcileJob } from '#lib/jobs/reconcile.ts'
import { Job } from '#lib/jobs/schema.ts'

export const POST = route({ answer: Job }, ({ params }) => reconcileJob(params.jobId ?? ''))
