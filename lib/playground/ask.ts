import { APIError } from 'openai'
import { AppError } from '#lib/core/errors.ts'
import { newId } from '#lib/core/ids.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { keyFilter } from '#lib/http/secrets.ts'
import { clientOfModel } from '#lib/models/model-client.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { isWirePart, readPart, tokensOfPart } from '#lib/providers/answer-part.ts'
import { noteRefusal } from '#lib/providers/backoff.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { type ChatBill, closeChatBill, openChatBill, tokensIn } from '#lib/providers/chat-bill.ts'
import { wasRejected } from '#lib/providers/request.ts'
import { noFacts, noteChunk } from './answer-facts.ts'
import { hashOf, type Messages } from './messages.ts'
import type { AnswerFacts, AnswerState, AnswerToken, Sampling } from './schema.ts'

/** How long a provider may take to begin its answer, in ms: a model may have to be loaded first. */
const PATIENCE = 120_000

/** Longest answer that is read, in characters; no token limit of ours reaches it. */
const LONGEST = 1_000_000

/** Everything that one answer depends on. */
export interface Ask extends ModelRef {
  messages: Messages
  sampling: Sampling
  /** Float32 weights, also where the built-in engine answers with 8 bits by default. */
  exact?: boolean
  /** Micro-dollars that the user has confirmed; null: none. */
  confirmed?: number | null
  /**
   * Asks for the probabilities of the tokens: `live`, only the built-in engine, which tells them with each token; `whole`,
   * also a provider that offers them, and they come with the end of the answer.
   */
  probabilities?: 'live' | 'whole'
}

/** Likeliest tokens to ask for in the place of each token. */
const LIKELIEST = 5
/** Tokens whose probabilities are kept: some 200 bytes each. */
const MOST_TOKENS = 2_000

/** OpenAI's models that think before they answer refuse to tell them. */
const THINKS = /^(ft:)?(o\d|gpt-5)/

const tellsTokens = ({ probabilities, providerId, model }: Ask): boolean => {
  if (providerId === 'embedded') return probabilities !== undefined
  return probabilities === 'whole' && capabilitiesOf(providerId).probabilities && !THINKS.test(model)
}

const samplingOf = (ask: Ask) => {
  const {
    sampling: { temperature, topP, maxTokens, seed },
    exact,
    providerId,
  } = ask
  return {
    ...(tellsTokens(ask) && { logprobs: true, top_logprobs: LIKELIEST }),
    ...(exact && providerId === 'embedded' && { limerick: { precision: 'exact' } }),
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { top_p: topP }),
    ...(seed !== null && { seed }),
    ...(capabilitiesOf(providerId).olderLimit
      ? { max_tokens: maxTokens }
      : { max_completion_tokens: maxTokens }),
  }
}

async function send(ask: Ask, signal: AbortSignal) {
  const { client, model } = clientOfModel(ask)
  const { data, request_id } = await client.chat.completions
    .create(
      {
        model,
        messages: ask.messages,
        stream: true,
        stream_options: { include_usage: true },
        ...samplingOf(ask),
      },
      { signal, timeout: PATIENCE },
    )
    .withResponse()
  return { chunks: data, requestId: request_id }
}

const brokeOff = (cause: unknown) =>
  new AppError('provider_unreachable', 'playground.brokeOff', {
    cause,
  })

/** The texts of an answer as they come; fills `facts`. An error here is the provider's. */
async function* read(chunks: AsyncIterable<unknown>, facts: AnswerFacts, elapsed: () => number, ask: Ask) {
  let length = 0
  const held: AnswerToken[] = []
  let raw = ''
  let passed = ''
  const isAsked = tellsTokens(ask)
  // A key that a provider repeats may be split over any number of tokens.
  const filter = keyFilter()
  let broken: Error | null = null
  try {
    for await (const chunk of chunks) {
      const ms = elapsed()
      if (!isWirePart(chunk)) throw brokeOff(new TypeError('A chunk is not an object.'))
      const part = readPart(chunk)
      noteChunk(facts, part, ms)
      const text = filter.push(part.text)
      raw += part.text
      passed += text
      length += text.length
      if (length > LONGEST) throw new AppError('too_large', ['playground.answerTooLong', { most: LONGEST }])
      const told = isAsked ? tokensOfPart(chunk) : []
      const tokens = ask.providerId === 'embedded' ? told : []
      if (tokens.length === 0) held.push(...told)
      if (text || tokens.length > 0) yield { text, ms, tokens }
    }
  } catch (thrown) {
    broken = thrown instanceof APIError || thrown instanceof AppError ? thrown : brokeOff(thrown)
  }
  const rest = filter.rest()
  if (rest) yield { text: rest, ms: elapsed(), tokens: [] }
  // Other providers' tokens have not passed the filter of keys: they are kept only if it has found nothing.
  if (held.length > 0 && raw === passed + rest) yield { text: '', ms: elapsed(), tokens: held }
  if (broken) throw broken
}

/** Progress of an answer. */
export type AnswerProgress =
  | { type: 'named'; reportedModel: string | null; requestId: string | null }
  | { type: 'token'; text: string; ms: number; tokens?: AnswerToken[] }

/** How an answer ended. */
export interface Ending {
  state: AnswerState
  text: string
  facts: AnswerFacts
  error: AppError | null
  /** Its tokens with their probabilities, from the first on; empty where they are unknown. */
  tokens: AnswerToken[]
}

const charactersOf = (messages: Messages): number =>
  messages.reduce((sum, { content }) => sum + (typeof content === 'string' ? content.length : 0), 0)

const openBill = (
  { providerId, model, messages, sampling, confirmed = null }: Ask,
  kind: 'compare' | 'eval',
): Promise<ChatBill | null> =>
  openChatBill({
    id: newId('answer_'),
    providerId,
    model,
    kind,
    confirmed,
    promptTokens: tokensIn(charactersOf(messages)),
    completionTokens: sampling.maxTokens,
  })

async function* stream(
  ask: Ask,
  facts: AnswerFacts,
  elapsed: () => number,
  signal: AbortSignal,
): AsyncGenerator<AnswerProgress> {
  const { chunks, requestId } = await send(ask, signal)
  facts.requestId = requestId ?? null
  let named = false
  for await (const token of read(chunks, facts, elapsed, ask)) {
    const { reportedModel, requestId } = facts
    if (!named) yield { type: 'named', reportedModel, requestId }
    named = true
    const { tokens, ...rest } = token
    yield { type: 'token', ...rest, ...(tokens.length > 0 && { tokens }) }
  }
}

/** To the SDK, a page instead of a stream is an empty answer without a finish reason. */
const noStream = () => new AppError('provider_unreachable', 'playground.noStream')

/** A stream that ended without a finish reason was cut, though the SDK treats it as a normal end. */
function stateOf(facts: AnswerFacts, error: AppError | null, signal: AbortSignal): AnswerState {
  if (signal.aborted) return 'stopped'
  if (error) return facts.firstTokenMs === null ? 'failed' : 'interrupted'
  return facts.finishReason === null ? 'interrupted' : 'finished'
}

/**
 * One answer as it comes, sent once; its highest cost is reserved first.
 * @param onProgress may not throw
 * @returns how it ended: `finished`; `interrupted` when the stream stopped without a finish reason or broke after its
 * first token; `stopped` by the signal; else `failed`. Never throws for an error of the provider.
 */
export async function askOnce(
  ask: Ask,
  kind: 'compare' | 'eval',
  signal: AbortSignal,
  onProgress: (progress: AnswerProgress) => void = () => undefined,
): Promise<Ending> {
  const began = performance.now()
  const elapsed = () => Math.round((performance.now() - began) * 10) / 10
  const facts = noFacts(hashOf(ask.messages))
  let bill: ChatBill | null = null
  let billed = false
  let text = ''
  const tokens: AnswerToken[] = []
  let thrown: unknown
  let error: AppError | null = null
  try {
    bill = await openBill(ask, kind)
    billed = true
    for await (const progress of stream(ask, facts, elapsed, signal)) {
      if (progress.type === 'token') {
        text += progress.text
        tokens.push(...(progress.tokens ?? []).slice(0, MOST_TOKENS - tokens.length))
      }
      onProgress(progress)
    }
    if (!signal.aborted && facts.firstTokenMs === null && facts.finishReason === null) throw noStream()
  } catch (caught) {
    thrown = caught
    if (!signal.aborted) {
      if (ask.providerId !== 'embedded') await noteRefusal(ask.providerId, caught)
      error = failure(caught)
      logInternal(error)
    }
  }
  facts.totalMs = elapsed()
  facts.answeredAt = Date.now()
  const rejected = facts.firstTokenMs === null && wasRejected(thrown, 'answer')
  facts.cost = billed ? await closeChatBill(bill, { ...facts, written: text.length }, rejected) : 0
  return { state: stateOf(facts, error, signal), text, facts, error, tokens }
}
