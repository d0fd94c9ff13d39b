import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { askAgain } from '#lib/providers/health.ts'
import { ProviderId, ProviderWithHealth } from '#lib/providers/schema.ts'

const Query = z.object({ providerId: ProviderId })

export const DELETE = route({ query: Query, answer: z.array(ProviderWithHealth) }, ({ query }) =>
  askAgain(query.providerId),
)
