import { CountDraft, LineTokens } from '#lib/datasets/schema.ts'
import { countLine } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: CountDraft, answer: LineTokens.nullable() }, ({ body }) =>
  countLine(body.line),
)
