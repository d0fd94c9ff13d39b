import { z } from 'zod'
import { getEval } from '#lib/evals/get.ts'
import { deleteRecording } from '#lib/evals/recording.ts'
import { EvalPage, EvalQuery, EvalSummary } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalQuery, answer: EvalPage }, ({ params, query }) =>
  getEval(params.evalId ?? '', query),
)

export const DELETE = route({ answer: z.array(EvalSummary) }, ({ params }) =>
  deleteRecording(params.evalId ?? ''),
)
