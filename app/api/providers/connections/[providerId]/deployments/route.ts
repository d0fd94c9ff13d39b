import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { nameDeployment } from '#lib/providers/connections.ts'
import { DeploymentDraft, ProviderWithHealth } from '#lib/providers/schema.ts'

export const PUT = route({ body: DeploymentDraft, answer: z.array(ProviderWithHealth) }, ({ params, body }) =>
  nameDeployment(params.providerId ?? '', body),
)
