/** What can answer a model's conversations besides the engine's own generator. */
import type { ChatReport } from './generator.ts'
import type { UsableModel } from './models.ts'
import type { Tokenizers } from './tokenizers.ts'
import type { WireTokens } from './wire.ts'
import type { GenerateOrder, TokenLogprob, Turn } from './worker/protocol.ts'

/** Answers conversations as the generator does. */
export interface Answerer {
  run: (orders: GenerateOrder[], signal: AbortSignal) => AsyncGenerator<ChatReport>
}

export interface AnswerServer {
  /** What answers a model's conversations here; null: the engine does it itself. */
  find: (model: UsableModel) => Promise<Answerer | null>
  /** Before a model's folder is deleted. */
  forget: (folder: string) => void
  /** Of its answers' fingerprints. */
  name: 'vllm' | 'torch'
}

/** Of a token's text; a part of a character has none, and counts as the sign for that. */
export const entry = (token: string, logprob: number): TokenLogprob => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
})

/**
 * The tokens of an order's conversation, as its model was trained on them.
 * @param context most tokens of prompt and answer
 * @returns the refusal instead if they leave no room for an answer
 */
export async function promptOf(
  tokenizers: Pick<Tokenizers, 'read'>,
  model: UsableModel,
  { id, messages }: GenerateOrder,
  context: number,
  signal: AbortSignal,
): Promise<number[] | Extract<ChatReport, { kind: 'refused' }>> {
  const turns = (messages as Turn[]).map((turn) => ({ ...turn, weight: 0 }))
  const json = await tokenizers.read(model, turns, true, signal)
  const { tokens }: WireTokens = JSON.parse(Buffer.from(json).toString('utf8'))
  if (tokens.length < context) return tokens
  const message = `This model's maximum context length is ${context} tokens, and the messages have ${tokens.length}.`
  return { kind: 'refused', id, code: 'context', message }
}
