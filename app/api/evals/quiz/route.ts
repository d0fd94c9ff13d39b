import { getQuiz, startQuiz } from '#lib/evals/quiz.ts'
import { EvalJob, Quiz } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalJob, answer: Quiz.nullable() }, ({ query }) => getQuiz(query.job))

export const POST = route({ body: EvalJob, answer: Quiz }, ({ body }) => startQuiz(body.job))
