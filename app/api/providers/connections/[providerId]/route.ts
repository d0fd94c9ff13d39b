import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { removeConnection, renameConnection } from '#lib/providers/connections.ts'
import { ConnectionName, ProviderWithHealth } from '#lib/providers/schema.ts'

const Providers = z.array(ProviderWithHealth)

export const PATCH = route({ body: ConnectionName, answer: Providers }, ({ params, body }) =>
  renameConnection(params.providerId ?? '', body.name),
)

export const DELETE = route({ answer: Providers }, ({ params }) => removeConnection(params.providerId ?? ''))
