import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { organiseJobs } from '#lib/jobs/organise.ts'
import { Job, JobDraft, JobQuery, JobsChange } from '#lib/jobs/schema.ts'

export const GET = route({ query: JobQuery, answer: z.array(Job) }, ({ query }) => listJobs(query))

export const POST = route({ body: JobDraft, answer: Job }, ({ body }) => launchJob(body), { status: 201 })

export const PATCH = route({ body: JobsChange, answer: z.array(Job) }, ({ body }) => organiseJobs(body))
