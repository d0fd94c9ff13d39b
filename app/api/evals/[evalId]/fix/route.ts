import { fixRow } from '#lib/evals/fix.ts'
import { Fix, FixDraft } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route(
  { body: FixDraft, answer: Fix },
  ({ params, body }) => fixRow(params.evalId ?? '', body),
  {
    status: 201,
  },
)
