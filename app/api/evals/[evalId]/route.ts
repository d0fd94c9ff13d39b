import { getEval } from '#lib/evals/get.ts'
import { EvalPage, EvalQuery } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalQuery, answer: EvalPage }, ({ params, query }) =>
  getEval(params.evalId ?? '', query),
)
