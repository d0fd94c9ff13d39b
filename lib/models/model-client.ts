import type OpenAI from 'openai'
import { client } from '#lib/providers/client.ts'
import type { ModelRef } from './schema.ts'

/**
 * Who answers for a model, and under which name to ask.
 * @throws AppError not_found or unavailable when its provider is not here
 */
export const clientOfModel = ({ providerId, model }: ModelRef): { client: OpenAI; model: string } => ({
  client: client(providerId),
  model,
})
