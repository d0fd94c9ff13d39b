import { route } from '#lib/http/route.ts'
import { checkSource } from '#lib/models/library.ts'
import { ModelSource, SourceRef } from '#lib/models/library-schema.ts'

export const POST = route({ body: SourceRef, answer: ModelSource }, ({ body, request }) =>
  checkSource(body, request.signal),
)
