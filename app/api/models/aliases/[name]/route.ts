import { route } from '#lib/http/route.ts'
import { removeAlias } from '#lib/models/aliases.ts'

export const DELETE = route({}, ({ params }) => removeAlias(params.name ?? ''))
