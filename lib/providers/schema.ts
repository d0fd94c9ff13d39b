import { z } from 'zod'

export const ProviderId = z.enum(['embedded', 'openai', 'compatible'])
export type ProviderId = z.infer<typeof ProviderId>

/** What a provider can do, found out or known; the screens ask this instead of asking who it is. */
export const Capabilities = z.object({
  train: z.boolean(),
  events: z.boolean(),
  stepMetrics: z.boolean(),
  checkpoints: z.boolean(),
  chat: z.boolean(),
  deleteModels: z.boolean(),
  /** ms between two looks at a running job. */
  pollMs: z.number(),
})
export type Capabilities = z.infer<typeof Capabilities>

export const Health = z.object({
  state: z.enum(['ok', 'bad']),
  /** Words of the failure, when there is one. */
  message: z.string().nullable(),
  /** ms the answer took. */
  ms: z.number().nullable(),
  checkedAt: z.number(),
})
export type Health = z.infer<typeof Health>

export const Provider = z.object({
  id: ProviderId,
  name: z.string(),
  /** As shown to people: never holds a key. */
  address: z.string(),
  /** The last four characters, or null where no key of a person's is used. */
  keyEnd: z.string().nullable(),
  capabilities: Capabilities,
})
export type Provider = z.infer<typeof Provider>

export const ProviderWithHealth = Provider.extend({ health: Health })
export type ProviderWithHealth = z.infer<typeof ProviderWithHealth>

/** A model one can ask or train. */
export const CatalogModel = z.object({
  providerId: ProviderId,
  id: z.string(),
  kind: z.enum(['base', 'fine-tuned', 'checkpoint']),
  trainable: z.boolean(),
  createdAt: z.number().nullable(),
  /** YYYY-MM-DD as the provider says it, or null. */
  shutdownDate: z.string().nullable(),
})
export type CatalogModel = z.infer<typeof CatalogModel>
