import { route } from '#lib/http/route.ts'
import { listAliases, pointAlias } from '#lib/models/aliases.ts'
import { AliasDraft } from '#lib/models/schema.ts'

export const GET = route({}, listAliases)

export const POST = route({ body: AliasDraft }, ({ body }) => pointAlias(body))
