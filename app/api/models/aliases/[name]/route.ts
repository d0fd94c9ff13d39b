import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { removeAlias } from '#lib/models/aliases.ts'
import { Alias } from '#lib/models/schema.ts'

export const DELETE = route({ answer: z.array(Alias) }, ({ params }) => removeAlias(params.name ?? ''))
