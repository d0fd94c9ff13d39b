import type { Usage } from './answer-part.ts'
import { refuseDuringBackoff } from './backoff.ts'
import { listChatPrices } from './chat-price-list.ts'
import { chatCostOf, chatPrice } from './prices.ts'
import { endpoint } from './registry.ts'
import type { ChatPrice, ProviderId } from './schema.ts'
import { type Reservation, release, reserve, settle } from './spend.ts'

/** Characters per token when nothing was counted: fewer than in most languages, so that an estimate is too high. */
const CHARACTERS = 3

export const tokensIn = (characters: number): number => Math.ceil(characters / CHARACTERS)

/** The cost of one answer, from before the request to its end. */
export interface ChatBill {
  id: string
  price: ChatPrice | null
  /** An estimate, for a provider that does not count. */
  promptTokens: number
}

/** An answer that is about to be asked for. */
export interface PaidChat extends Pick<Reservation, 'id' | 'confirmed'> {
  providerId: ProviderId
  model: string
  kind: Exclude<Reservation['kind'], 'job'>
  promptTokens: number
  /** The most that may be generated. */
  completionTokens: number
}

/**
 * Reserves the most that an answer can cost.
 * @returns null for an answer of the built-in engine, which costs nothing
 * @throws AppError not_found, unavailable; over_cap, needs_confirmation; rate_limited, insufficient_quota or
 * provider_refused during the provider's backoff
 */
export async function openChatBill(chat: PaidChat): Promise<ChatBill | null> {
  const { id, providerId, model, kind, confirmed, promptTokens, completionTokens } = chat
  if (endpoint(providerId).provider.id === 'embedded') return null
  await refuseDuringBackoff(providerId)
  const price = chatPrice(await listChatPrices(), providerId, model)
  const estimate = price && chatCostOf(price, { prompt: promptTokens, completion: completionTokens })
  await reserve({ id, providerId, kind, estimate, perMillion: null, confirmed })
  return { id, price, promptTokens }
}

/** What an answer used; tokens are null when the provider did not count. */
export interface ChatUsage extends Usage {
  /** Characters that were generated. */
  written: number
}

/**
 * Settles a bill by what the provider counted, else by what was generated.
 * @param rejected the provider certainly did nothing
 * @returns micro-dollars; null when no price is known
 */
export async function closeChatBill(
  bill: ChatBill | null,
  usage: ChatUsage,
  rejected: boolean,
): Promise<number | null> {
  if (!bill) return 0
  if (!bill.price) return null
  if (rejected) {
    await release(bill.id)
    return 0
  }
  const prompt = usage.promptTokens ?? bill.promptTokens
  // Without a count of the prompt, its cached part is unknown.
  const cached = usage.promptTokens === null ? 0 : Math.min(usage.cachedTokens ?? 0, prompt)
  const completion = usage.completionTokens ?? tokensIn(usage.written)
  const cost = chatCostOf(bill.price, { prompt, cached, completion })
  await settle(bill.id, cost)
  return cost
}
