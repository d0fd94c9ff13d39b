import type OpenAI from 'openai'
import { client } from '#lib/providers/client.ts'
import type { ModelRef } from './schema.ts'

/**
 * The client of a model's provider, and the model's name there.
 * @throws AppError not_found or unavailable when its provider is not here
 */
export const clientOfModel = ({ providerId, model }: ModelRef): { client: OpenAI; model: string } => ({
  client: client(providerId),
  model,
})
