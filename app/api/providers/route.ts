import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'

const Query = z.object({ fresh: z.stringbool().default(false) })

export const GET = route({ query: Query }, ({ query }) => listProvidersWithHealth(query.fresh))
