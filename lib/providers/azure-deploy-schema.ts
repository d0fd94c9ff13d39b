import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'

/** Which deployment of a resource is meant, and the token that may change it. */
export const AzureDeployment = z.object({
  /** As the portal and `az cognitiveservices account show --query id` write it. */
  resource: z
    .string()
    .trim()
    .regex(
      /^\/subscriptions\/[\w-]{1,64}\/resourceGroups\/[\w(][\w.()-]{0,89}\/providers\/Microsoft\.CognitiveServices\/accounts\/[\w-]{2,64}$/i,
      issue('providers.azureResource'),
    ),
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][\w.-]{1,63}$/, issue('providers.azureDeploymentName')),
  /** Of Azure Resource Manager, not the provider's key: used for this request and kept nowhere. */
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,16384}$/, issue('providers.azureToken')),
})
export type AzureDeployment = z.infer<typeof AzureDeployment>

export const SKUS = ['standard', 'globalstandard', 'developertier'] as const

export const AzureDeploymentDraft = AzureDeployment.extend({
  model: z.string().min(1).max(512),
  sku: z.enum(SKUS).default('standard'),
  /** Thousands of tokens a minute. */
  capacity: z.number().int().min(1).max(100_000).default(50),
})
export type AzureDeploymentDraft = z.infer<typeof AzureDeploymentDraft>

/** What Azure says of a deployment: Creating, Succeeded, Failed or another word. */
export const AzureDeploymentState = z.object({ state: z.string() })
export type AzureDeploymentState = z.infer<typeof AzureDeploymentState>
