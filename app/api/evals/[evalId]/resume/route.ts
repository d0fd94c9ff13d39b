import { EvalPage, ResumeDraft } from '#lib/evals/schema.ts'
import { resumeEval } from '#lib/evals/start.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: ResumeDraft, answer: EvalPage }, ({ params, body }) =>
  resumeEval(params.evalId ?? '', body),
)
