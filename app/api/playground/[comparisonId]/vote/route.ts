import { route } from '#lib/http/route.ts'
import { Comparison, VoteDraft, WithdrawQuery } from '#lib/playground/schema.ts'
import { vote, withdrawVote } from '#lib/playground/vote.ts'

export const POST = route({ body: VoteDraft, answer: Comparison }, ({ params, body }) =>
  vote(params.comparisonId ?? '', body),
)
export const DELETE = route({ query: WithdrawQuery, answer: Comparison }, ({ params, query }) =>
  withdrawVote(params.comparisonId ?? '', query.sample),
)
