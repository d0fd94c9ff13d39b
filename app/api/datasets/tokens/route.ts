import { TokensDraft, TokenView } from '#lib/datasets/schema.ts'
import { viewTokens } from '#lib/datasets/tokens.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: TokensDraft, answer: TokenView.nullable() }, ({ body, request }) =>
  viewTokens(body, request.signal),
)
