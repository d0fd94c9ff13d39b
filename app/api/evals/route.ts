import { listEvals } from '#lib/evals/get.ts'
import { EvalDraft, EvalList } from '#lib/evals/schema.ts'
import { startEval } from '#lib/evals/start.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalList }, ({ query }) => listEvals(query))

export const POST = route({ body: EvalDraft }, ({ body }) => startEval(body), { status: 201 })
