import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { Outcome } from '#lib/jobs/schema.ts'
import { deleteJobs, jobDependents } from '#lib/storage/job-deletion.ts'
import { JobDependents, JobsQuery } from '#lib/storage/schema.ts'

export const GET = route({ query: JobsQuery, answer: z.array(JobDependents) }, ({ query }) =>
  jobDependents(query.ids),
)

export const DELETE = route({ query: JobsQuery, answer: Outcome }, ({ query }) => deleteJobs(query.ids))
