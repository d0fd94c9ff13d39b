import { gradeAnswer } from '#lib/evals/graders/client.ts'
import { Grade } from '#lib/evals/graders/schema.ts'
import { GradeDraft } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: GradeDraft, answer: Grade }, ({ body: { grader, ...graded } }) =>
  gradeAnswer(grader, graded),
)
