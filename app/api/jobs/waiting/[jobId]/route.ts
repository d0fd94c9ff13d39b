import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { forgetWaiting } from '#lib/jobs/waiting.ts'
import { WaitingLaunch } from '#lib/jobs/waiting-schema.ts'

export const DELETE = route({ answer: z.array(WaitingLaunch) }, ({ params }) =>
  forgetWaiting(params.jobId ?? ''),
)
