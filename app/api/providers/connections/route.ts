import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { addConnection } from '#lib/providers/connections.ts'
import { Connection, ProviderWithHealth } from '#lib/providers/schema.ts'

export const POST = route({ body: Connection, answer: z.array(ProviderWithHealth) }, ({ body }) =>
  addConnection(body),
)
