import { z } from 'zod'
import { listEvals } from '#lib/evals/get.ts'
import { EvalDraft, EvalList, EvalPage, EvalSummary } from '#lib/evals/schema.ts'
import { startEval } from '#lib/evals/start.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalList, answer: z.array(EvalSummary) }, ({ query }) => listEvals(query))

export const POST = route({ body: EvalDraft, answer: EvalPage }, ({ body }) => startEval(body), {
  status: 201,
})
