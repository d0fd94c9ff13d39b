import { route } from '#lib/http/route.ts'
import { rollBack } from '#lib/models/aliases.ts'

export const POST = route({}, ({ params }) => rollBack(params.name ?? ''))
