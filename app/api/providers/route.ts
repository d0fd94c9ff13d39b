import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { ProviderWithHealth } from '#lib/providers/schema.ts'

const Query = z.object({ fresh: z.stringbool().default(false) })

export const GET = route({ query: Query, answer: z.array(ProviderWithHealth) }, ({ query }) =>
  listProvidersWithHealth(query.fresh),
)
