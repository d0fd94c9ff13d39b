import { BadRequestError } from 'openai'
import { z } from 'zod'
import { providerKind } from '#lib/providers/kinds.ts'
import { askJson, MOST_PAGE } from '#lib/providers/request.ts'
import { encodingOf } from '#lib/tokens/encoding.ts'
import type { Reading } from '#lib/training-data/verdict.ts'
import type { MessageTokens, TokensDraft, TokenView } from './schema.ts'
import { work } from './worker/client.ts'

/** The part of the engine's answer that we use; all lists have one entry per token. */
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

const Messages = z.array(z.unknown()).min(1)
const Chat = z.object({ messages: Messages })
const Pair = z.object({ input: Chat, preferred_output: Messages, non_preferred_output: Messages })

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null // still being written
  }
}

/** The messages of a line, unchecked; null for a preference pair or no conversation. */
const messagesOf = (value: unknown): unknown[] | null => Chat.safeParse(value).data?.messages ?? null

const Assistant = z.looseObject({ role: z.literal('assistant') })

const untrained = (message: unknown): unknown => {
  const { data } = Assistant.safeParse(message)
  return data ? { ...data, weight: 0 } : message
}

/** The conversations that the engine trains on: of a preference pair, the prompt with each answer. */
function conversationsOf(line: string): unknown[][] {
  const value = parsed(line)
  const messages = messagesOf(value)
  if (messages) return [messages]
  const { data: pair } = Pair.safeParse(value)
  if (!pair) return []
  const asked = pair.input.messages.map(untrained)
  return [pair.preferred_output, pair.non_preferred_output].map((answer) => [...asked, ...answer])
}

/** Tokens of each message: every other marker token begins one; text is never encoded as a marker. */
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

/** Asks the engine for the tokens and the loss mask that it trains with. */
async function askEngine(
  model: string,
  messages: unknown[],
  signal?: AbortSignal,
): Promise<TokenView | null> {
  const body = { model, messages, add_generation_prompt: false }
  const question = { method: 'post' as const, path: ['tokenize'], body, most: 2 * MOST_PAGE, signal }
  const answer = await askJson('embedded', 'tokens', Tokenized, question).catch((thrown: unknown) => {
    if (thrown instanceof BadRequestError) return null // tools and images: the engine does not train on them
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
 * How much the engine's model reads of each conversation of a line; none when it cannot read it, which another rule
 * reports.
 */
export async function readByEngine(line: string, model: string): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const messages of conversationsOf(line)) {
    const view = await askEngine(model, messages)
    if (!view) return []
    readings.push({ tokens: view.total, trained: view.trained + view.lost, left: view.trained })
  }
  return readings
}

/**
 * A line as the model reads it, token by token; null while it is not a conversation. For the built-in engine its own tokens;
 * for other providers, and for lines with tools or images, ChatML in OpenAI's encoding: an estimate unless the provider is
 * OpenAI.
 * @throws APIError when the engine does not answer, or does not know the model
 */
export async function viewTokens(
  { line, base }: TokensDraft,
  signal?: AbortSignal,
): Promise<TokenView | null> {
  const messages = base?.providerId === 'embedded' ? messagesOf(parsed(line)) : null
  const own = base && messages ? await askEngine(base.model, messages, signal) : null
  if (own) return own
  const view = await work('render', { line, encoding: encodingOf(base?.model ?? '') }, { signal })
  const isOpenAI = base === null || providerKind(base.providerId) === 'openai'
  return view && { ...view, exact: view.exact && isOpenAI, limit: null }
}
