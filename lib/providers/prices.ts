import { providerKind } from './kinds.ts'
import { openaiName } from './model-kind.ts'
import type { ChatPrice, Price, PriceKey, ProviderId } from './schema.ts'

const DOLLAR = 1_000_000

const openai = (model: string, dollars: number): Price => ({
  providerId: 'openai',
  model,
  perMillion: dollars * DOLLAR,
  asOf: '2026-07-31',
  source: 'OpenAI pricing page',
  own: false,
})

/** The last published prices, each for the models whose names begin like this. */
export const SHIPPED_PRICES: readonly Price[] = [
  {
    providerId: 'embedded',
    model: '',
    perMillion: 0,
    asOf: '2026-07-31',
    source: 'this computer',
    own: false,
  },
  openai('gpt-4.1', 25),
  openai('gpt-4.1-mini', 5),
  openai('gpt-4.1-nano', 1.5),
  openai('gpt-4o', 25),
  openai('gpt-4o-mini', 3),
  openai('gpt-3.5-turbo', 8),
  openai('davinci-002', 6),
  openai('babbage-002', 0.4),
]

/** Dollars per million tokens: prompt, cached prompt, answer. */
type Dollars = readonly [input: number, cachedInput: number | null, output: number]

const micro = (dollars: number): number => Math.round(dollars * DOLLAR)

const chat = (model: string, [input, cachedInput, output]: Dollars): Omit<ChatPrice, 'asOf' | 'source'> => ({
  providerId: 'openai',
  model,
  input: micro(input),
  cachedInput: cachedInput === null ? null : micro(cachedInput),
  output: micro(output),
  own: false,
})

const base = (model: string, ...dollars: Dollars): ChatPrice => ({
  ...chat(model, dollars),
  asOf: '2026-06-21',
  source: 'OpenAI pricing page',
})

const fineTuned = (model: string, ...dollars: Dollars): ChatPrice => ({
  ...chat(`ft:${model}`, dollars),
  asOf: '2026-07-31',
  source: 'OpenAI pricing page, fine-tuned models',
})

/**
 * Published prices of answers. A fine-tuned model costs more than its base model: its price is under `ft:` and the base
 * model's name.
 */
export const SHIPPED_CHAT_PRICES: readonly ChatPrice[] = [
  {
    providerId: 'embedded',
    model: '',
    input: 0,
    cachedInput: null,
    output: 0,
    asOf: '2026-07-31',
    source: 'this computer',
    own: false,
  },
  base('gpt-4.1', 2, 0.5, 8),
  fineTuned('gpt-4.1', 3, 0.75, 12),
  base('gpt-4.1-mini', 0.4, 0.1, 1.6),
  fineTuned('gpt-4.1-mini', 0.8, 0.2, 3.2),
  base('gpt-4.1-nano', 0.1, 0.025, 0.4),
  fineTuned('gpt-4.1-nano', 0.2, 0.05, 0.8),
  base('gpt-4o', 2.5, 1.25, 10),
  base('gpt-4o-2024-05-13', 5, null, 15),
  fineTuned('gpt-4o', 3.75, 1.875, 15),
  base('gpt-4o-mini', 0.15, 0.075, 0.6),
  fineTuned('gpt-4o-mini', 0.3, 0.15, 1.2),
  base('gpt-3.5-turbo', 0.5, null, 1.5),
  fineTuned('gpt-3.5-turbo', 3, null, 6),
  base('davinci-002', 2, null, 2),
  fineTuned('davinci-002', 12, null, 12),
  base('babbage-002', 0.4, null, 0.4),
  fineTuned('babbage-002', 1.6, null, 1.6),
]

/** Training on `ft:gpt-4o-mini-2024-07-18:org:poems:AbCd1234` costs what training on its base model costs. */
const baseOf = (model: string): string => model.replace(/^ft:/, '')

/** Published prices are those of a kind of provider, the user's own those of one provider. */
const isOf = (price: PriceKey & { own: boolean }, providerId: ProviderId): boolean =>
  price.providerId === (price.own ? providerId : providerKind(providerId))

/** The price with the longest matching name; of two for the same models the user's own. */
function closest<Found extends PriceKey & { own: boolean }>(
  prices: readonly Found[],
  providerId: ProviderId,
  name: string,
): Found | undefined {
  const fitting = prices.filter(
    (price) => isOf(price, providerId) && openaiName(name).startsWith(openaiName(price.model)),
  )
  return fitting.toSorted((a, b) => b.model.length - a.model.length || Number(b.own) - Number(a.own))[0]
}

/**
 * What training a model costs.
 * @returns null when no price is known, as with compatible servers
 */
export const trainingPrice = (
  prices: readonly Price[],
  providerId: ProviderId,
  model: string,
): Price | null => closest(prices, providerId, baseOf(model)) ?? null

/** `gpt-4.1-mini-2025-04-14.ft-0f3a9c` is how Azure names a fine-tuned model. */
const isFineTuned = (model: string): boolean => /^ft:|\.ft-/.test(model)

/**
 * What a model's answers cost. Only OpenAI charges more for fine-tuned models; elsewhere the base model's price applies
 * to them unless there is one under `ft:`.
 * @returns null when no price is known
 */
export function chatPrice(
  prices: readonly ChatPrice[],
  providerId: ProviderId,
  model: string,
): ChatPrice | null {
  const name = isFineTuned(model) ? `ft:${baseOf(model)}` : model
  const found = closest(prices, providerId, name)
  if (providerKind(providerId) === 'openai' || found?.model) return found ?? null
  return closest(prices, providerId, baseOf(model)) ?? null
}

/** Micro-dollars for that many trained tokens, rounded up to the next whole one. */
export const costOf = ({ perMillion }: Pick<Price, 'perMillion'>, tokens: number): number =>
  Math.ceil((perMillion * tokens) / 1_000_000)

/** Tokens of one question and its answer; `cached` is the part of the prompt that the provider had in its cache. */
export interface ChatTokens {
  prompt: number
  cached?: number
  completion: number
}

/** Micro-dollars per million tokens of each kind; without an own price, cached tokens cost as much as others. */
type TokenPrices = Pick<ChatPrice, 'input' | 'cachedInput' | 'output'>

/** Micro-dollars for an answer, with fractions: token counts may be means. */
export function meanChatCost(
  { input, cachedInput, output }: TokenPrices,
  { prompt, cached = 0, completion }: ChatTokens,
): number {
  const sum = input * (prompt - cached) + (cachedInput ?? input) * cached + output * completion
  return sum / 1_000_000
}

/** Micro-dollars for an answer, rounded up to the next whole one. */
export const chatCostOf = (price: TokenPrices, tokens: ChatTokens): number =>
  Math.ceil(meanChatCost(price, tokens))
