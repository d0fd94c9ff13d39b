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

/** The last prices that were published, each for the models whose names begin like this. */
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

const chat = (model: string, input: number, cachedInput: number | null, output: number): ChatPrice => ({
  providerId: 'openai',
  model,
  input: Math.round(input * DOLLAR),
  cachedInput: cachedInput === null ? null : Math.round(cachedInput * DOLLAR),
  output: Math.round(output * DOLLAR),
  asOf: '2026-07-31',
  source: 'OpenAI pricing page, fine-tuned models',
  own: false,
})

/** What answers cost as last published, for fine-tuned models: those of a base cost that much or less. */
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
  chat('gpt-4.1', 3, 0.75, 12),
  chat('gpt-4.1-mini', 0.8, 0.2, 3.2),
  chat('gpt-4.1-nano', 0.2, 0.05, 0.8),
  chat('gpt-4o', 3.75, 1.875, 15),
  chat('gpt-4o-mini', 0.3, 0.15, 1.2),
  chat('gpt-3.5-turbo', 3, null, 6),
  chat('davinci-002', 12, null, 12),
  chat('babbage-002', 1.6, null, 1.6),
]

/** `ft:gpt-4o-mini-2024-07-18:org:elle:AbCd1234` costs what its base costs. */
const baseOf = (model: string): string => model.replace(/^ft:/, '')

/** The one that says most exactly which models it is for; of two for the same models the person's own. */
function closest<Found extends PriceKey & { own: boolean }>(
  prices: readonly Found[],
  providerId: ProviderId,
  model: string,
): Found | null {
  const name = baseOf(model)
  const fitting = prices.filter((price) => price.providerId === providerId && name.startsWith(price.model))
  const [best] = fitting.toSorted((a, b) => b.model.length - a.model.length || Number(b.own) - Number(a.own))
  return best ?? null
}

/**
 * What training a model costs.
 * @returns null where no price is known: a compatible server's is its own affair
 */
export const trainingPrice = (
  prices: readonly Price[],
  providerId: ProviderId,
  model: string,
): Price | null => closest(prices, providerId, model)

/** What a model's answers cost. @returns null where no price is known */
export const chatPrice = (
  prices: readonly ChatPrice[],
  providerId: ProviderId,
  model: string,
): ChatPrice | null => closest(prices, providerId, model)

/** Micro-dollars for that many trained tokens, rounded up to the next whole one. */
export const costOf = ({ perMillion }: Pick<Price, 'perMillion'>, tokens: number): number =>
  Math.ceil((perMillion * tokens) / 1_000_000)

/** Tokens of one question and its answer; `cached` are those of the prompt that the provider had read before. */
export interface ChatTokens {
  prompt: number
  cached?: number
  completion: number
}

/** Micro-dollars for an answer, rounded up to the next whole one. */
export function chatCostOf(
  { input, cachedInput, output }: Pick<ChatPrice, 'input' | 'cachedInput' | 'output'>,
  { prompt, cached = 0, completion }: ChatTokens,
): number {
  const sum = input * (prompt - cached) + (cachedInput ?? input) * cached + output * completion
  return Math.ceil(sum / 1_000_000)
}
