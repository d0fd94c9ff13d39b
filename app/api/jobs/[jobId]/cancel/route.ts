import { route } from '#lib/http/route.ts'
import { cancelJob } from '#lib/jobs/cancel.ts'
import { CancelDraft, Job } from '#lib/jobs/schema.ts'

export const POST = route({ body: CancelDraft.prefault({}), answer: Job }, ({ body, params }) =>
  cancelJob(params.jobId ?? '', body),
)
