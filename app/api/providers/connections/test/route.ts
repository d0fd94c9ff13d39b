import { route } from '#lib/http/route.ts'
import { testConnection } from '#lib/providers/connections.ts'
import { Connection, ConnectionTest } from '#lib/providers/schema.ts'

export const POST = route({ body: Connection, answer: ConnectionTest }, ({ body }) => testConnection(body))
