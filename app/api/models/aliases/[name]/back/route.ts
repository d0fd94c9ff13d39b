import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { rollBack } from '#lib/models/aliases.ts'
import { Alias } from '#lib/models/schema.ts'

export const POST = route({ answer: z.array(Alias) }, ({ params }) => rollBack(params.name ?? ''))
