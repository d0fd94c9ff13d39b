import { z } from 'zod'
import { CatalogModel, ProviderId } from '#lib/providers/schema.ts'

/** A model and who answers for it: names are only unique within a provider. */
export const ModelRef = z.object({
  providerId: ProviderId,
  model: z.string().trim().min(1).max(512),
})
export type ModelRef = z.infer<typeof ModelRef>

export const ModelList = z.object({
  models: z.array(CatalogModel),
  /** Providers whose models are not in the list, and why. */
  failures: z.array(z.object({ providerId: ProviderId, name: z.string(), message: z.string() })),
})
export type ModelList = z.infer<typeof ModelList>
