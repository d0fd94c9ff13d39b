import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { Spending, SpendLimits } from '#lib/providers/schema.ts'
import { listSpending, setLimits } from '#lib/providers/spend.ts'

export const GET = route({ answer: z.array(Spending) }, listSpending)

export const PUT = route({ body: SpendLimits, answer: z.array(Spending) }, ({ body }) => setLimits(body))
