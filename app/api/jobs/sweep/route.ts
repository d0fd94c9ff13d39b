import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { Job } from '#lib/jobs/schema.ts'
import { launchSweep } from '#lib/jobs/sweep.ts'
import { SweepDraft } from '#lib/jobs/sweep-schema.ts'

export const POST = route({ body: SweepDraft, answer: z.array(Job) }, ({ body }) => launchSweep(body), {
  status: 201,
})
