import { CountDraft } from '#lib/datasets/schema.ts'
import { countLine } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: CountDraft }, ({ body }) => countLine(body.line))
