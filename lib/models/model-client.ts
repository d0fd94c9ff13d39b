import type OpenAI from 'openai'
import { client } from '#lib/providers/client.ts'
import { endpoint, servedAs } from '#lib/providers/registry.ts'
import type { ModelRef } from './schema.ts'

/**
 * The client of a model's provider, and the name under which it answers there.
 * @throws AppError not_found or unavailable when its provider is not here
 */
export const clientOfModel = ({ providerId, model }: ModelRef): { client: OpenAI; model: string } => ({
  client: client(providerId),
  model: servedAs(endpoint(providerId), model),
})
