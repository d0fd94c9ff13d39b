import type { ModelRef } from '#lib/models/schema.ts'
import { type ChatBill, openChatBill, tokensIn } from '#lib/providers/chat-bill.ts'
import type { ChatBody } from './body.ts'

/** Tokens reserved for an answer without a limit: the most that today's models write. */
const OPEN_ENDED = 16_384

/** Characters that stand in for a picture in the body: providers count it by its size, not by its characters. */
const PICTURE = 'x'.repeat(6_000)

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null

/** The most that may be written, over all choices of the request. */
function mostTokens(body: ChatBody): number {
  const { max_completion_tokens, max_tokens, max_output_tokens, n, best_of, prompt } = body
  const each = whole(max_completion_tokens) ?? whole(max_tokens) ?? whole(max_output_tokens) ?? OPEN_ENDED
  const prompts = Array.isArray(prompt) ? Math.max(1, prompt.length) : 1
  return each * Math.max(whole(n) ?? 1, whole(best_of) ?? 1) * prompts
}

export const promptTokensIn = (text: string): number =>
  tokensIn(text.replace(/"data:[^"]{200,}"/g, PICTURE).length)

/**
 * Reserves the most that a call can cost.
 * @param id of the request
 * @param text the request as it came
 * @throws as openChatBill
 */
export const openBill = (
  id: string,
  { providerId, model }: ModelRef,
  body: ChatBody,
  text: string,
): Promise<ChatBill | null> =>
  openChatBill({
    id,
    providerId,
    model,
    kind: 'door',
    confirmed: null,
    promptTokens: promptTokensIn(text),
    completionTokens: mostTokens(body),
  })
