import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listTrainers } from '#lib/providers/trainers.ts'
import { EngineTrainers } from '#lib/providers/trainers-schema.ts'

const Query = z.object({ fresh: z.stringbool().default(false) })

export const GET = route({ query: Query, answer: EngineTrainers }, ({ query }) => listTrainers(query.fresh))
