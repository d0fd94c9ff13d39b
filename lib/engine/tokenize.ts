import { z } from 'zod'
import { readModelConfig } from './model/architecture.ts'
import { encodeConversation, encodePrompt } from './model/chat-template.ts'
import type { Tokenizer } from './model/tokenizer.ts'
import { trainingTurns } from './model/training-row.ts'
import type { ModelStore } from './models.ts'
import { parse } from './problem.ts'
import type { WireTokens } from './wire.ts'
import { createRecent } from './worker/recent.ts'

/** Body of `POST /tokenize`: a row of a training file, and the model that would read it. */
const TokenizeRequest = z.object({
  model: z.string().min(1),
  messages: z.array(z.unknown()).min(1),
  /** Whether the assistant's turn is opened at the end, as before an answer. */
  add_generation_prompt: z.boolean().nullish(),
})

const recent = createRecent<Tokenizer>(2)

/** A tokenizer is needed here only when somebody looks: neither its code nor its tables are loaded before. */
async function tokenizerOf(folder: string): Promise<Tokenizer> {
  const { readTokenizer } = await import('./model/tokenizer.ts')
  return recent.get(folder) ?? recent.set(folder, readTokenizer(folder))
}

/** The text of each token; of a character that several share, the last one has all. */
function textsOf(tokenizer: Tokenizer, ids: readonly number[]): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return ids.map((id) => decoder.decode(tokenizer.bytes(id), { stream: true }))
}

/**
 * A conversation as the trainer reads it: its tokenizer, its template, its loss mask.
 * @throws AppError `not_found` for the model, `invalid` for what a text-only model cannot learn
 */
export async function tokenize(models: ModelStore, body: unknown): Promise<WireTokens> {
  const { model, messages, add_generation_prompt } = parse(TokenizeRequest, body)
  const { folder } = await models.get(model)
  const turns = trainingTurns({ messages })
  const tokenizer = await tokenizerOf(folder)
  const { context } = readModelConfig(folder)
  const { weights } = encodeConversation(tokenizer, turns, context)
  const said = encodeConversation(tokenizer, turns)
  const tokens = add_generation_prompt === false ? Array.from(said.ids) : encodePrompt(tokenizer, turns)
  return {
    count: tokens.length,
    max_model_len: context,
    tokens,
    token_strs: textsOf(tokenizer, tokens),
    limerick: {
      trained: tokens.map((_, at) => (weights[at] ?? 0) !== 0),
      special: tokens.map((id) => tokenizer.isSpecial(id)),
    },
  }
}
