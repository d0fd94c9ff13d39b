import { isDefiniteRejection } from '#lib/core/definite-rejection.ts'
import { newId } from '#lib/core/ids.ts'
import { noteRefusal, refuseDuringBackoff } from '#lib/providers/backoff.ts'
import { listChatPrices } from '#lib/providers/chat-prices.ts'
import { chatCostOf, chatPrice } from '#lib/providers/prices.ts'
import { endpoint } from '#lib/providers/registry.ts'
import type { ChatPrice, ProviderId } from '#lib/providers/schema.ts'
import { release, reserve, settle } from '#lib/providers/spend.ts'
import type { AnswerFacts } from './schema.ts'

/** Characters of a token, where nobody has counted: fewer than in most languages, so that a guess is too high. */
const CHARACTERS = 3

const tokensIn = (characters: number): number => Math.ceil(characters / CHARACTERS)

/** What one answer will cost, from before it is asked for to its end. */
export interface Bill {
  id: string
  price: ChatPrice | null
  /** A guess, for a provider that does not count. */
  promptTokens: number
  /** Characters of the answer so far. */
  written: number
}

/** What is about to be asked, as far as it costs. */
export interface Asking {
  providerId: ProviderId
  model: string
  /** Characters of everything that is sent. */
  characters: number
  maxTokens: number
  /** Micro-dollars that a person has said yes to. */
  confirmed: number | null
}

/**
 * Sets aside the most that an answer can cost. An answer of this computer has no bill.
 * @throws AppError not_found; over_cap, needs_confirmation; rate_limited or provider_refused while the provider is on hold
 */
export async function openBill(
  { providerId, model, characters, maxTokens, confirmed }: Asking,
  kind: 'compare' | 'eval' = 'compare',
): Promise<Bill | null> {
  if (endpoint(providerId).provider.id === 'embedded') return null
  await refuseDuringBackoff(providerId)
  const id = newId('answer_')
  const price = chatPrice(await listChatPrices(), providerId, model)
  const promptTokens = tokensIn(characters)
  const estimate = price && chatCostOf(price, { prompt: promptTokens, completion: maxTokens })
  await reserve({ id, providerId, kind, estimate, perMillion: null, confirmed })
  return { id, price, promptTokens, written: 0 }
}

/**
 * Settles it by what the provider counted, else by what came of the answer; what certainly was not begun is free.
 * @returns micro-dollars; null where no price is known
 */
export async function closeBill(
  bill: Bill | null,
  facts: AnswerFacts,
  thrown: unknown,
): Promise<number | null> {
  if (!bill) return 0
  if (!bill.price) return null
  if (facts.firstTokenMs === null && isDefiniteRejection(thrown)) {
    await release(bill.id)
    return 0
  }
  const prompt = facts.promptTokens ?? bill.promptTokens
  const completion = facts.completionTokens ?? tokensIn(bill.written)
  const cached = facts.promptTokens === null ? 0 : Math.min(facts.cachedTokens ?? 0, prompt)
  const cost = chatCostOf(bill.price, { prompt, cached, completion })
  await settle(bill.id, cost)
  return cost
}

/** A provider that refuses the key, or asked to be left alone, is not asked again by the next answer. */
export async function noteAnswer({ providerId }: Pick<Asking, 'providerId'>, thrown: unknown): Promise<void> {
  if (providerId !== 'embedded') await noteRefusal(providerId, thrown)
}
