import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { env } from '#lib/env.ts'
import { hide, scrub } from '#lib/http/secrets.ts'
import type { AzureDeployment, AzureDeploymentDraft, AzureDeploymentState } from './azure-deploy-schema.ts'
import { nameDeployment } from './connections.ts'
import { type ProviderId, providerKind } from './schema.ts'

/** Of Azure Resource Manager, as learn.microsoft.com deploys fine-tuned models. */
const VERSION = '2024-10-21'

/** ms */
const PATIENCE = 60_000

/** Characters of an answer that are read. */
const MOST = 64 * 1024

const Answer = z.object({
  properties: z.object({ provisioningState: z.string().optional() }).optional(),
  error: z.object({ code: z.string().optional(), message: z.string().optional() }).optional(),
})

const answerIn = (text: string) => {
  try {
    return Answer.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    return {}
  }
}

function refusal(status: number, text: string): AppError {
  const { error } = answerIn(text)
  const said = scrub(error?.message ?? text)
  return new AppError('provider_refused', ['providers.armRefused', { status, said }], { facts: { status } })
}

/** One request to Azure Resource Manager. @throws AppError provider_refused, provider_unreachable */
async function manage(
  { resource, name, token }: AzureDeployment,
  method: 'GET' | 'PUT',
  body?: object,
): Promise<AzureDeploymentState> {
  hide(token)
  const address = `${env().armEndpoint}${resource}/deployments/${encodeURIComponent(name)}?api-version=${VERSION}`
  let answer: Response
  try {
    answer = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      // A token is never sent to another address.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
  } catch (cause) {
    throw new AppError('provider_unreachable', 'providers.armUnreachable', { cause })
  }
  const text = (await answer.text()).slice(0, MOST)
  if (!answer.ok) throw refusal(answer.status, text)
  return { state: scrub(answerIn(text).properties?.provisioningState ?? 'Accepted', 40) }
}

/** @throws AppError invalid for a provider of another kind */
function expectAzure(providerId: ProviderId): void {
  if (providerKind(providerId) !== 'azure')
    throw new AppError('invalid', 'providers.notAzure', { param: 'providerId' })
}

/**
 * Deploys a fine-tuned model at Azure and remembers the deployment's name for it. The same name twice is one deployment.
 * Azure begins to charge for it when it is there.
 * @throws AppError invalid, provider_refused with Azure's own words, provider_unreachable
 */
export async function deployAtAzure(
  providerId: ProviderId,
  { model, sku, capacity, ...deployment }: AzureDeploymentDraft,
): Promise<AzureDeploymentState> {
  expectAzure(providerId)
  const state = await manage(deployment, 'PUT', {
    sku: { name: sku, capacity },
    properties: { model: { format: 'OpenAI', name: model, version: '1' } },
  })
  await nameDeployment(providerId, { model, name: deployment.name })
  return state
}

/** How far Azure is with a deployment. @throws AppError as `deployAtAzure` */
export async function lookAtAzure(
  providerId: ProviderId,
  deployment: AzureDeployment,
): Promise<AzureDeploymentState> {
  expectAzure(providerId)
  return manage(deployment, 'GET')
}
