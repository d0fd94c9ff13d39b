import { estimateEval } from '#lib/evals/estimate.ts'
import { EvalDraft, EvalEstimate } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: EvalDraft, answer: EvalEstimate }, ({ body }) => estimateEval(body))
