import { newId } from '#lib/ids.ts'
import { isCertainNo } from '#lib/providers/certain-no.ts'
import { listChatPrices } from '#lib/providers/chat-price-book.ts'
import { noteRefusal, refuseIfHeld } from '#lib/providers/holds.ts'
import { chatCostOf, chatPrice } from '#lib/providers/prices.ts'
import { endpoint } from '#lib/providers/registry.ts'
import type { ChatPrice } from '#lib/providers/schema.ts'
import { release, reserve, settle } from '#lib/providers/spend.ts'
import type { AnswerFacts, CompareRequest, Pane } from './schema.ts'

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

/**
 * Sets aside the most that an answer can cost. An answer of this computer has no bill.
 * @throws AppError not_found; over_cap, needs_confirmation; rate_limited or provider_refused while the provider is on hold
 */
export async function openBill(
  { system, prompt, maxTokens }: CompareRequest,
  { providerId, model }: Pane,
): Promise<Bill | null> {
  if (endpoint(providerId).provider.id === 'embedded') return null
  await refuseIfHeld(providerId)
  const id = newId('answer_')
  const price = chatPrice(await listChatPrices(), providerId, model)
  const promptTokens = tokensIn(system.length + prompt.length)
  const estimate = price && chatCostOf(price, { prompt: promptTokens, completion: maxTokens })
  await reserve({ id, providerId, kind: 'compare', estimate, perMillion: null, confirmed: null })
  return { id, price, promptTokens, written: 0 }
}

/** Settles it by what the provider counted, else by what came of the answer; what certainly was not begun is free. */
export async function closeBill(bill: Bill | null, facts: AnswerFacts, thrown: unknown): Promise<void> {
  if (!bill?.price) return
  if (facts.firstTokenMs === null && isCertainNo(thrown)) return release(bill.id)
  const prompt = facts.promptTokens ?? bill.promptTokens
  const completion = facts.completionTokens ?? tokensIn(bill.written)
  await settle(bill.id, chatCostOf(bill.price, { prompt, completion }))
}

/** A provider that refuses the key, or asked to be left alone, is not asked again by the next answer. */
export async function noteAnswer({ providerId }: Pane, thrown: unknown): Promise<void> {
  if (providerId !== 'embedded') await noteRefusal(providerId, thrown)
}
