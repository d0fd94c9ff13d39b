import { route } from '#lib/http/route.ts'
import { removeAdded } from '#lib/models/library.ts'
import { Library } from '#lib/models/library-schema.ts'

export const DELETE = route({ answer: Library }, ({ params }) => removeAdded(params.name ?? ''))
