import { stopEval } from '#lib/evals/start.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({}, ({ params }) => stopEval(params.evalId ?? ''))
