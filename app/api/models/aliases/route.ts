import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listAliases, pointAlias } from '#lib/models/aliases.ts'
import { Alias, AliasDraft } from '#lib/models/schema.ts'

export const GET = route({ answer: z.array(Alias) }, listAliases)

export const POST = route({ body: AliasDraft, answer: z.array(Alias) }, ({ body }) => pointAlias(body))
