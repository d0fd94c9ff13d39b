/** What can answer a model's conversations besides the engine's own generator. */
import type { ChatReport } from './generator.ts'
import type { UsableModel } from './models.ts'
import type { Tokenizers } from './tokenizers.ts'
import type { WireTokens } from './wire.ts'
import { type GenerateOrder, noRoom, type TokenLogprob, type Turn } from './worker/protocol.ts'

/** Answers conversations as the generator does. */
export interface Answerer {
  run: (orders: GenerateOrder[], signal: AbortSignal) => AsyncGenerator<ChatReport>
}

export interface AnswerServer {
  /** Of its answers' fingerprints. */
  name: 'vllm' | 'torch'
  /** What answers a model's conversations here; null: the engine does it itself. */
  find: (model: UsableModel) => Promise<Answerer | null>
}

/** Of a token's text; a part of a character has none, and counts as the sign for that. */
export const entry = (token: string, logprob: number): TokenLogprob => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
})

interface Prompt {
  tokens: number[]
  /** Tokens that end the answer. */
  ends: number[]
}

/**
 * An order's conversation in tokens, as its model was trained on them.
 * @param context most tokens of prompt and answer
 * @returns the refusal instead if they leave no room for an answer
 */
export async function promptOf(
  tokenizers: Pick<Tokenizers, 'read'>,
  model: UsableModel,
  { id, messages }: GenerateOrder,
  context: number,
  signal: AbortSignal,
): Promise<Prompt | Extract<ChatReport, { kind: 'refused' }>> {
  const turns = (messages as Turn[]).map((turn) => ({ ...turn, weight: 0 }))
  const json = await tokenizers.read(model, turns, true, signal)
  const { tokens, limerick }: WireTokens = JSON.parse(Buffer.from(json).toString('utf8'))
  if (tokens.length < context) return { tokens, ends: limerick.ends }
  return { kind: 'refused', id, code: 'context', message: noRoom(tokens.length, context) }
}
