import { route } from '#lib/http/route.ts'
import { lookAtAzure } from '#lib/providers/azure-deploy.ts'
import { AzureDeployment, AzureDeploymentState } from '#lib/providers/azure-deploy-schema.ts'
import { ProviderId } from '#lib/providers/schema.ts'

/** A POST that changes nothing: the token belongs into no address. */
export const POST = route({ body: AzureDeployment, answer: AzureDeploymentState }, ({ params, body }) =>
  lookAtAzure(ProviderId.parse(params.providerId), body),
)
