import { route } from '#lib/http/route.ts'
import { VoteDraft } from '#lib/playground/schema.ts'
import { vote } from '#lib/playground/vote.ts'

export const POST = route({ body: VoteDraft }, ({ params, body }) => vote(params.comparisonId ?? '', body))
