import type { IncomingMessage, ServerResponse } from 'node:http'
import { failure, logInternal } from '#lib/http/failure.ts'
import { type ChatBill, closeChatBill, tokensIn } from '#lib/providers/chat-bill.ts'
import { promptTokensIn } from './billing.ts'
import { recordCall } from './call-log.ts'
import type { Target } from './resolve-model.ts'
import type { CallRecord } from './store.ts'
import type { StreamUsage } from './stream-usage.ts'

/** Paths of model calls, below a provider's address. */
export const ANSWER_PATHS = ['/chat/completions', '/responses', '/completions'] as const
export type AnswerPath = (typeof ANSWER_PATHS)[number]

/** A model call under way. */
export interface Call {
  /** Of the request, in its answer's `x-request-id` too. */
  id: string
  keyId: string
  path: AnswerPath
  request: IncomingMessage
  response: ServerResponse
  target: Target
  text: string
  /** It asked for a stream. */
  streams: boolean
  usage: StreamUsage
  /** As performance.now() gives it. */
  began: number
  bill: ChatBill | null
  /** Set once, so that the outcome is written once. */
  ended: boolean
}

export interface Ending {
  outcome: 'finished' | 'interrupted' | 'stopped' | 'failed' | 'refused'
  status: number | null
  /** The provider certainly did nothing. */
  unsent?: boolean
}

/** Tokens as they were counted, else estimated from characters; none for a refused call. */
function tokensOf({ usage, text }: Call, { outcome }: Ending) {
  const counted = usage.promptTokens !== null && usage.completionTokens !== null
  const answered = counted || usage.written > 0
  if (!answered || outcome === 'refused')
    return { prompt_tokens: null, completion_tokens: null, estimated: 0 }
  return {
    prompt_tokens: usage.promptTokens ?? promptTokensIn(text),
    completion_tokens: usage.completionTokens ?? tokensIn(usage.written),
    estimated: counted ? 0 : 1,
  }
}

const rowOf = (call: Call, ending: Ending, cost: number | null): CallRecord => ({
  id: call.id,
  key_id: call.keyId,
  alias: call.target.alias,
  provider_id: call.target.providerId,
  model: call.target.model,
  reported_model: call.usage.model,
  outcome: ending.outcome,
  status: ending.status,
  finish_reason: call.usage.finishReason,
  ...tokensOf(call, ending),
  cost,
  first_token_ms: call.usage.firstTokenMs,
  total_ms: performance.now() - call.began,
  at: Date.now(),
})

/** Settles the cost and logs the call. Idempotent: a second call does nothing. */
export async function end(call: Call, ending: Ending): Promise<void> {
  if (call.ended) return
  call.ended = true
  try {
    recordCall(rowOf(call, ending, await closeChatBill(call.bill, call.usage, ending.unsent ?? false)))
  } catch (thrown) {
    logInternal(failure(thrown), call.id)
  }
}
