import { route } from '#lib/http/route.ts'
import { deployAtAzure } from '#lib/providers/azure-deploy.ts'
import { AzureDeploymentDraft, AzureDeploymentState } from '#lib/providers/azure-deploy-schema.ts'
import { ProviderId } from '#lib/providers/schema.ts'

export const POST = route({ body: AzureDeploymentDraft, answer: AzureDeploymentState }, ({ params, body }) =>
  deployAtAzure(ProviderId.parse(params.providerId), body),
)
