import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { cancelJobs } from '#lib/jobs/cancel.ts'
import { JobIds, Outcome } from '#lib/jobs/schema.ts'

export const POST = route({ body: z.object({ ids: JobIds }), answer: Outcome }, ({ body }) =>
  cancelJobs(body.ids),
)
