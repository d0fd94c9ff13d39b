import { EvalPage } from '#lib/evals/schema.ts'
import { stopEval } from '#lib/evals/start.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ answer: EvalPage }, ({ params }) => stopEval(params.evalId ?? ''))
