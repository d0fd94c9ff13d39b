import { z } from 'zod'
import { parse } from './api-error.ts'
import { trainingTurns } from './model/training-turns.ts'
import type { ModelStore } from './models.ts'
import type { Tokenizers } from './tokenizers.ts'

/** Body of `POST /tokenize`: a row of a training file and the name of a model. */
const TokenizeRequest = z.object({
  model: z.string().min(1),
  messages: z.array(z.unknown()).min(1),
  /** Whether to add the header of the assistant's next answer at the end. */
  add_generation_prompt: z.boolean().nullish(),
})

/**
 * A conversation as the trainer sees it: with its tokenizer, chat template and loss mask.
 * @returns a WireTokens as JSON in UTF-8
 * @throws AppError `not_found` for the model, `invalid` for content that a text-only model cannot train on
 */
export async function tokenize(
  models: ModelStore,
  tokenizers: Tokenizers,
  body: unknown,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const request = parse(TokenizeRequest, body)
  const model = await models.get(request.model)
  const turns = trainingTurns({ messages: request.messages })
  return tokenizers.read(model, turns, request.add_generation_prompt !== false, signal)
}
