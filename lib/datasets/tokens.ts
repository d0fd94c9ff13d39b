import { BadRequestError } from 'openai'
import { z } from 'zod'
import { askJson, MOST_PAGE } from '#lib/providers/request.ts'
import { encodingOf } from '#lib/tokens/encoding.ts'
import type { MessageTokens, TokensDraft, TokenView } from './schema.ts'
import { work } from './worker/client.ts'

/** What of the engine's answer is used; all lists have one entry per token. */
const Tokenized = z.object({
  count: z.number(),
  max_model_len: z.number(),
  token_strs: z.array(z.string()),
  limerick: z.object({
    trained: z.array(z.boolean()),
    special: z.array(z.boolean()),
    lost: z.number(),
  }),
})

/** The turns of a line, whatever they are; null when it is no conversation, or a preference pair. */
function messagesOf(line: string): unknown[] | null {
  try {
    const { messages } = JSON.parse(line) as { messages?: unknown }
    return Array.isArray(messages) && messages.length > 0 ? messages : null
  } catch {
    return null // still being written
  }
}

/** Tokens of each message: every other marker begins one, and no text makes a marker. */
function messagesIn(tokens: TokenView['tokens']): MessageTokens[] {
  const messages: MessageTokens[] = []
  let markers = 0
  for (const { special, trained } of tokens) {
    if (special && markers++ % 2 === 0) messages.push({ total: 0, trained: 0 })
    const message = messages.at(-1)
    if (!message) continue
    message.total++
    if (trained) message.trained++
  }
  return messages
}

/** Asks the engine, which answers with the very tokens and the very mask that it trains on. */
async function askEngine(
  model: string,
  messages: unknown[],
  signal?: AbortSignal,
): Promise<TokenView | null> {
  const body = { model, messages, add_generation_prompt: false }
  const question = { method: 'post' as const, path: ['tokenize'], body, most: 2 * MOST_PAGE, signal }
  const answer = await askJson('embedded', 'tokens', Tokenized, question).catch((thrown: unknown) => {
    if (thrown instanceof BadRequestError) return null // tools and pictures: it does not learn from them
    throw thrown
  })
  if (answer === null) return null
  const { count, max_model_len, token_strs, limerick } = answer
  const tokens = token_strs.map((text, at) => ({
    text,
    trained: limerick.trained[at] ?? false,
    special: limerick.special[at] ?? false,
  }))
  const trained = limerick.trained.filter(Boolean).length
  const { lost } = limerick
  return {
    tokens,
    total: count,
    trained,
    lost,
    messages: messagesIn(tokens),
    exact: true,
    encoding: model,
    limit: max_model_len,
  }
}

/**
 * A line as the model reads it, token by token; null while it is no conversation. The built-in engine tells it
 * itself; for everybody else, and where it has tools or pictures, it is ChatML in OpenAI's encoding: an estimate
 * for a model of another house.
 * @throws APIError when the engine does not answer, or does not know the model
 */
export async function viewTokens(
  { line, base }: TokensDraft,
  signal?: AbortSignal,
): Promise<TokenView | null> {
  const messages = base?.providerId === 'embedded' ? messagesOf(line) : null
  const own = base && messages ? await askEngine(base.model, messages, signal) : null
  if (own) return own
  const view = await work('render', { line, encoding: encodingOf(base?.model ?? '') }, { signal })
  const isOpenAI = base === null || base.providerId === 'openai'
  return view && { ...view, exact: view.exact && isOpenAI, limit: null }
}
