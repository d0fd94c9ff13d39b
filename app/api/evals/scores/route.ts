import { EvalJob, Scores } from '#lib/evals/schema.ts'
import { scoresOf } from '#lib/evals/scores.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalJob, answer: Scores }, ({ query }) => scoresOf(query.job))
