import { route } from '#lib/http/route.ts'
import { addModel, readLibrary } from '#lib/models/library.ts'
import { Library, SourceRef } from '#lib/models/library-schema.ts'

export const GET = route({ answer: Library }, readLibrary)

export const POST = route({ body: SourceRef, answer: Library }, ({ body, request }) =>
  addModel(body, request.signal),
)
