import type { Price, ProviderId } from './schema.ts'

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

/** `ft:gpt-4o-mini-2024-07-18:org:elle:AbCd1234` costs what its base costs. */
const baseOf = (model: string): string => model.replace(/^ft:/, '')

/**
 * The price that says most exactly which models it is for; of two for the same models the person's own.
 * @returns null where no price is known: a compatible server's is its own affair
 */
export function trainingPrice(prices: readonly Price[], providerId: ProviderId, model: string): Price | null {
  const name = baseOf(model)
  const fitting = prices.filter((price) => price.providerId === providerId && name.startsWith(price.model))
  const [best] = fitting.toSorted((a, b) => b.model.length - a.model.length || Number(b.own) - Number(a.own))
  return best ?? null
}

/** Micro-dollars for that many trained tokens, rounded up to the next whole one. */
export const costOf = ({ perMillion }: Pick<Price, 'perMillion'>, tokens: number): number =>
  Math.ceil((perMillion * tokens) / 1_000_000)
