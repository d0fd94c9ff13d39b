import type { ProviderId, ProviderKind } from './schema.ts'

/** Servers of models that train none. */
export const SERVING_KINDS = ['vllm', 'llamacpp', 'ollama', 'lmstudio'] as const

/** Kinds of providers that are reached at an address of their own. */
export const ADDRESSED_KINDS = [
  'compatible',
  'azure',
  'nebius',
  'together',
  'fireworks',
  'limerick',
  ...SERVING_KINDS,
] as const

/** The kind, and eight characters after it where the provider was added in the studio. */
export const PROVIDER_ID =
  /^(embedded|(openai|compatible|azure|nebius|together|fireworks|limerick|vllm|llamacpp|ollama|lmstudio)(-[0-9A-Za-z]{8})?)$/

export const providerKind = (id: ProviderId): ProviderKind => id.split('-')[0] as ProviderKind
