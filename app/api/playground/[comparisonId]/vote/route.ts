import { route } from '#lib/http/route.ts'
import { Comparison, VoteDraft } from '#lib/playground/schema.ts'
import { vote } from '#lib/playground/vote.ts'

export const POST = route({ body: VoteDraft, answer: Comparison }, ({ params, body }) =>
  vote(params.comparisonId ?? '', body),
)
