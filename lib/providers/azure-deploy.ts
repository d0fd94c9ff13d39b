import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { env } from '#lib/env.ts'
import { hide, scrub } from '#lib/http/secrets.ts'
import type { AzureDeployment, AzureDeploymentDraft, AzureDeploymentState } from './azure-deploy-schema.ts'
import { nameDeployment } from './connections.ts'
import { providerKind } from './kinds.ts'
import { endpoint } from './registry.ts'
import type { ProviderId } from './schema.ts'

/** Of Azure Resource Manager, as learn.microsoft.com deploys fine-tuned models. */
const VERSION = '2024-10-21'

/** ms */
const PATIENCE = 60_000

/** Characters of an answer that are read. */
const MOST = 64 * 1024

const Answer = z.object({
  properties: z
    .object({
      provisioningState: z.string().optional(),
      model: z.object({ name: z.string().optional() }).optional(),
    })
    .optional(),
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

/** An answer as it came. */
interface Told {
  ok: boolean
  status: number
  text: string
}

/** One request to Azure Resource Manager. @throws AppError provider_unreachable */
async function manage(
  { resource, name, token }: AzureDeployment,
  method: 'GET' | 'PUT',
  body?: object,
): Promise<Told> {
  hide(token)
  const address = `${env().armEndpoint}${resource}/deployments/${encodeURIComponent(name)}?api-version=${VERSION}`
  try {
    const answer = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      // A token is never sent to another address.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    return { ok: answer.ok, status: answer.status, text: (await answer.text()).slice(0, MOST) }
  } catch (cause) {
    throw new AppError('provider_unreachable', 'providers.armUnreachable', { cause })
  }
}

/** @throws AppError provider_refused */
function stateIn({ ok, status, text }: Told): AzureDeploymentState {
  if (!ok) throw refusal(status, text)
  return { state: scrub(answerIn(text).properties?.provisioningState ?? 'Accepted', 40) }
}

/**
 * A PUT replaces what stands under the name.
 * @throws AppError conflict when another model does
 */
async function expectFree(deployment: AzureDeployment, model: string): Promise<void> {
  const { ok, status, text } = await manage(deployment, 'GET')
  if (status === 404) return
  if (!ok) throw refusal(status, text)
  const other = answerIn(text).properties?.model?.name
  if (other !== undefined && other !== model)
    throw new AppError('conflict', ['providers.deploymentTaken', { name: deployment.name, model: other }], {
      param: 'name',
    })
}

/** @throws AppError not_found for a provider that is not here, invalid for one of another kind */
function expectAzure(providerId: ProviderId): void {
  endpoint(providerId)
  if (providerKind(providerId) !== 'azure')
    throw new AppError('invalid', 'providers.notAzure', { param: 'providerId' })
}

/**
 * Deploys a fine-tuned model at Azure and remembers the deployment's name for it. The same name twice is one deployment.
 * Azure begins to charge for it when it is there.
 * @throws AppError not_found, invalid; conflict when the name is another model's; provider_refused with Azure's own words;
 * provider_unreachable
 */
export async function deployAtAzure(
  providerId: ProviderId,
  { model, sku, capacity, ...deployment }: AzureDeploymentDraft,
): Promise<AzureDeploymentState> {
  expectAzure(providerId)
  await expectFree(deployment, model)
  const answer = await manage(deployment, 'PUT', {
    sku: { name: sku, capacity },
    properties: { model: { format: 'OpenAI', name: model, version: '1' } },
  })
  const state = stateIn(answer)
  await nameDeployment(providerId, { model, name: deployment.name })
  return state
}

/** How far Azure is with a deployment. @throws AppError as `deployAtAzure` */
export async function lookAtAzure(
  providerId: ProviderId,
  deployment: AzureDeployment,
): Promise<AzureDeploymentState> {
  expectAzure(providerId)
  return stateIn(await manage(deployment, 'GET'))
}
