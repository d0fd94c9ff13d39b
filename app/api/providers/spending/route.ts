import { route } from '#lib/http/route.ts'
import { SpendLimits } from '#lib/providers/schema.ts'
import { listSpending, setLimits } from '#lib/providers/spend.ts'

export const GET = route({}, listSpending)

export const PUT = route({ body: SpendLimits }, ({ body }) => setLimits(body))
