import { z } from 'zod'
import { gradersFor } from '#lib/evals/checkpoint-evals.ts'
import { Grader } from '#lib/evals/graders/schema.ts'
import { EvalDataset } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalDataset, answer: z.array(Grader) }, ({ query }) =>
  gradersFor(query.dataset),
)
