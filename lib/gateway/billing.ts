import type { ModelRef } from '#lib/models/schema.ts'
import { refuseDuringBackoff } from '#lib/providers/backoff.ts'
import { listChatPrices } from '#lib/providers/chat-prices.ts'
import { chatCostOf, chatPrice } from '#lib/providers/prices.ts'
import type { ChatPrice } from '#lib/providers/schema.ts'
import { release, reserve, settle } from '#lib/providers/spend.ts'
import type { ChatBody } from './body.ts'
import type { StreamUsage } from './stream-usage.ts'

/** Characters of a token where nobody counted: fewer than in most languages, so that a guess is too high. */
const CHARACTERS = 3

/** Tokens set aside for an answer whose length its caller left open: the most that the models of today write. */
const OPEN_ENDED = 16_384

/** Characters that stand in for a picture in the body: providers count it by its size, not by its letters. */
const PICTURE = 'x'.repeat(6_000)

export const tokensIn = (characters: number): number => Math.ceil(characters / CHARACTERS)

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null

/** The most that may be written, over all answers to the one request. */
function mostTokens(body: ChatBody): number {
  const { max_completion_tokens, max_tokens, max_output_tokens, n, best_of, prompt } = body
  const each = whole(max_completion_tokens) ?? whole(max_tokens) ?? whole(max_output_tokens) ?? OPEN_ENDED
  const prompts = Array.isArray(prompt) ? Math.max(1, prompt.length) : 1
  return each * Math.max(whole(n) ?? 1, whole(best_of) ?? 1) * prompts
}

/** What one call will cost, from before it is sent to its end. */
export interface Bill {
  id: string
  price: ChatPrice | null
  /** A guess, for a provider that does not count. */
  promptTokens: number
}

export const promptTokensIn = (text: string): number =>
  tokensIn(text.replace(/"data:[^"]{200,}"/g, PICTURE).length)

/**
 * Sets aside the most that a call can cost. One of this computer has no bill.
 * @param id of the request
 * @param text the request as it came
 * @throws AppError over_cap, needs_confirmation; rate_limited, insufficient_quota or provider_refused while the provider is on hold
 */
export async function openBill(
  id: string,
  { providerId, model }: ModelRef,
  body: ChatBody,
  text: string,
): Promise<Bill | null> {
  if (providerId === 'embedded') return null
  await refuseDuringBackoff(providerId)
  const price = chatPrice(await listChatPrices(), providerId, model)
  const promptTokens = promptTokensIn(text)
  const estimate = price && chatCostOf(price, { prompt: promptTokens, completion: mostTokens(body) })
  await reserve({ id, providerId, kind: 'door', estimate, perMillion: null, confirmed: null })
  return { id, price, promptTokens }
}

/**
 * Settles it by what the provider counted, else by what came of the answer.
 * @param unsent the provider certainly did nothing
 * @returns micro-dollars; null where no price is known
 */
export async function closeBill(
  bill: Bill | null,
  heard: StreamUsage,
  unsent: boolean,
): Promise<number | null> {
  if (!bill) return 0
  if (!bill.price) return null
  if (unsent) {
    await release(bill.id)
    return 0
  }
  const prompt = heard.promptTokens ?? bill.promptTokens
  const completion = heard.completionTokens ?? tokensIn(heard.written)
  const cached = Math.min(heard.cachedTokens ?? 0, prompt)
  const cost = chatCostOf(bill.price, { prompt, cached, completion })
  await settle(bill.id, cost)
  return cost
}
